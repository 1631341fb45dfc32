namespace Iga.Emulators.Storage;

/// <summary>A request to the XML API that is answered with an error.</summary>
internal sealed class XmlErrorException(XmlError error) : Exception(error.Message)
{
    public XmlError Error { get; } = error;
}
