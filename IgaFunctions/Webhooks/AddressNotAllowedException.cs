namespace Iga.Webhooks;

/// <summary>A host's name leads to an address that is not on the Internet.</summary>
public sealed class AddressNotAllowedException() : IOException("The host's name leads to an address that is not public.");
