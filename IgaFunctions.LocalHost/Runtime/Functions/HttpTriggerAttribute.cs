namespace Iga.LocalHost.Runtime;

/// <summary>Marks the <c>HttpRequest</c> parameter of a function that HTTP calls start.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>Whether a call needs a key.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The methods that are answered; none given means all.</summary>
    public string[] Methods { get; } = methods;

    /// <summary>The route template below the prefix of host.json; null means the function's name.</summary>
    public string? Route { get; set; }
}
