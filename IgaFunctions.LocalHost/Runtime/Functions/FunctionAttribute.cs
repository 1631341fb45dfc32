namespace Iga.LocalHost.Runtime;

/// <summary>Names a function. Same shape as the Azure Functions worker's.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
