namespace Iga.Tests.Crashes;

/// <summary>The tests that share <see cref="TwoHosts"/>, one after another, since each breaks it.</summary>
[CollectionDefinition(nameof(TwoHosts))]
public sealed class SharingTwoHosts : ICollectionFixture<TwoHosts>;
