namespace Iga.Configuration;

/// <summary>The configuration is wrong; the message lists every wrong variable, what it was and what is allowed.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> errors)
    : Exception("The configuration is wrong:" + string.Concat(errors.Select(error => $"{Environment.NewLine}  - {error}")))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
