namespace Iga.LocalHost.Runtime;

/// <summary>Marks the parameter of an activity that takes its input, of any type that JSON can carry.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : Attribute;
