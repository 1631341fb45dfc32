namespace Iga.Emulators.Hosting;

/// <summary>What is wrong with a field of a request.</summary>
/// <param name="Field">Its path, as in <c>generation_config.seed</c>; empty is the request itself.</param>
internal sealed record FieldViolation(string Field, string Description);
