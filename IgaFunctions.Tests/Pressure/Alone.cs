namespace Iga.Tests.Pressure;

/// <summary>Tests that weigh the whole process, and so run while no other does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
