using System.Globalization;

namespace Iga.Configuration;

/// <summary>
/// Reads variables and collects every error, so that the user is told of all of them at once. A variable that is set to
/// nothing counts as not set, as compose files and app settings write it.
/// </summary>
public sealed class Settings(IConfiguration configuration)
{
    private readonly List<string> _errors = [];
    private readonly List<string> _notices = [];
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is no error, but what its user should know of.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <exception cref="ConfigurationException">Something that was read is wrong.</exception>
    public void ThrowIfInvalid()
    {
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(_errors);
        }
    }

    /// <summary>Adds what another reader of the same settings found, and which of them it has read.</summary>
    public void AddFindingsOf(Settings other)
    {
        _errors.AddRange(other._errors);
        _notices.AddRange(other._notices);
        _asked.UnionWith(other._asked);
    }

    public void Error(string error) => _errors.Add(error);

    /// <summary>Says what a variable was (never for a secret) and what is allowed.</summary>
    public void Error(string name, string value, string allowed) => _errors.Add($"{name} is '{value}': {allowed}");

    public void Notice(string notice) => _notices.Add(notice);

    /// <returns>The variables with such a beginning that are set, and that nobody has asked for until now.</returns>
    public IEnumerable<string> Unasked(string beginning) => configuration.AsEnumerable()
        .Where(variable => variable.Key.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(variable.Value) && !_asked.Contains(variable.Key))
        .Select(variable => variable.Key).Order(StringComparer.Ordinal);

    public bool IsSet(string name) => Text(name) is not null;

    /// <returns>The first of the variables that is set, trimmed, or null.</returns>
    public string? Text(params ReadOnlySpan<string> names)
    {
        // Those behind the first that is set count as asked for as well.
        foreach (var name in names)
        {
            _asked.Add(name);
        }

        foreach (var name in names)
        {
            if (ValueOf(name) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                return value.Trim();
            }
        }

        return null;
    }

    /// <returns>The items of a list that is separated by commas, trimmed; none where the variable is not set.</returns>
    public string[] List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public string Required(string allowed, params ReadOnlySpan<string> names)
    {
        if (Text(names) is { } value)
        {
            return value;
        }

        Error($"{string.Join(" (or ", names!)}{(names.Length > 1 ? ")" : "")} is not set: {allowed}");
        return "";
    }

    public int? WholeNumber(string name, int minimum, int maximum)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum)
        {
            return number;
        }

        Error(name, value, $"must be a whole number from {minimum} to {maximum}");
        return null;
    }

    public bool? Boolean(string name)
    {
        switch (Text(name)?.ToUpperInvariant())
        {
            case null:
                return null;
            case "TRUE" or "1" or "YES" or "ON":
                return true;
            case "FALSE" or "0" or "NO" or "OFF":
                return false;
            default:
                Error(name, Text(name)!, "must be true or false");
                return null;
        }
    }

    /// <param name="assumedScheme">Put before a value that names none, where the convention allows that.</param>
    /// <returns>An absolute http(s) address that ends in a slash, or null.</returns>
    public Uri? Address(string name, string? assumedScheme = null)
    {
        if (Text(name) is not { } value)
        {
            return null;
        }

        var absolute = assumedScheme is not null && !value.Contains("://", StringComparison.Ordinal)
            ? $"{assumedScheme}://{value}"
            : value;
        if (Uri.TryCreate(absolute.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Query.Length == 0)
        {
            return address;
        }

        // What stands before an @ may be a password.
        var shown = value.LastIndexOf('@') is >= 0 and var at ? $"…{value[at..]}" : value;
        Error(name, shown, "must be an address such as http://127.0.0.1:8080");
        return null;
    }

    // Where variables are read, a colon has taken the place of two underscores.
    private string? ValueOf(string name) => configuration[name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)];
}
