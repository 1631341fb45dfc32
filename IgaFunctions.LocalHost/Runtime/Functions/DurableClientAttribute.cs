namespace Iga.LocalHost.Runtime;

/// <summary>Marks a parameter that takes the <see cref="DurableTaskClient"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : Attribute;
