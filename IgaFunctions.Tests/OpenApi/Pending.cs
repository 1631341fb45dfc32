namespace Iga.Tests.OpenApi;

/// <summary>What the document tells of and the code does not have yet. To be empty before a release.</summary>
internal static class Pending
{
    public static readonly string[] Operations = [];

    public static readonly string[] ErrorCodes = [];

    public static readonly string[] Fields = [];
}
