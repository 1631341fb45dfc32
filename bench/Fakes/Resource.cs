namespace Iga.Bench.Fakes;

/// <summary>What an upload says of its object.</summary>
internal sealed record Resource(string Name, string? Crc32c, string? Md5Hash, Dictionary<string, string>? Metadata);
