namespace Iga.Configuration;

/// <summary>
/// An address as libpq reads it, taken apart: <c>postgresql://user:password@host:port,host:port/database?parameter=value</c>, where
/// each part may be missing and is percent-encoded.
/// </summary>
/// <param name="Hosts">Names, numeric addresses, or directories of sockets. A port is null where none is named.</param>
internal sealed record PostgresAddress(
    string? User, string? Password, IReadOnlyList<(string Name, int? Port)> Hosts, string? Database,
    IReadOnlyList<(string Name, string Value)> Parameters)
{
    /// <exception cref="FormatException">It is no such address. The message says nothing of what it holds.</exception>
    public static PostgresAddress Parse(string text)
    {
        // A driver may stand after a plus sign, as SQLAlchemy writes it.
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || text[..scheme].Split('+')[0].ToLowerInvariant() is not ("postgres" or "postgresql"))
        {
            throw new FormatException();
        }

        var (beforeQuery, query) = Split(text[(scheme + 3)..], '?');
        var (authority, path) = Split(beforeQuery, '/');

        // It belongs to a user or password that is not percent-encoded: what follows is a part of it, and must not be shown.
        if (path?.Contains('@') == true || query?.Contains('@') == true)
        {
            throw new FormatException();
        }

        var at = authority.LastIndexOf('@');
        var (user, password) = Split(at < 0 ? "" : authority[..at], ':');
        return new PostgresAddress(
            NullIfEmpty(Decode(user)), password is null ? null : Decode(password), ReadHosts(authority[(at + 1)..]),
            NullIfEmpty(Decode(path?.TrimEnd('/') ?? "")), ReadParameters(query));
    }

    private static List<(string, int?)> ReadHosts(string hosts)
    {
        var read = new List<(string, int?)>();
        foreach (var host in hosts.Split(',').Where(host => host.Length > 0))
        {
            // An IPv6 address stands in brackets, since it has colons of its own.
            var afterName = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
            var colon = host.IndexOf(':', afterName);
            var (name, port) = colon < 0 ? (host, null) : (host[..colon], host[(colon + 1)..]);
            read.Add((Decode(name).Trim('[', ']'), string.IsNullOrEmpty(port) ? null : ReadPort(port)));
        }

        return read;
    }

    /// <exception cref="FormatException">It is no port.</exception>
    public static int ReadPort(string text) => ushort.TryParse(text, out var port) && port > 0 ? port : throw new FormatException();

    private static List<(string, string)> ReadParameters(string? query) =>
    [
        .. (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => Split(parameter, '='))
            .Select(sides => (Decode(sides.Before), Decode(sides.After ?? ""))),
    ];

    private static (string Before, string? After) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var place and >= 0 ? (text[..place], text[(place + 1)..]) : (text, null);

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
