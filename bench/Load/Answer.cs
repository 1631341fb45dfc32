namespace Iga.Bench.Load;

/// <summary>An answer to one request. Its body is valid until the line is asked again.</summary>
internal readonly record struct Answer(int Status, ReadOnlyMemory<byte> Body);
