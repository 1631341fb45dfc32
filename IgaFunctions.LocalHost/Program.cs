using Iga.Embedded;
using Iga.Keys;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Host;
using Iga.LocalHost.Migrations;
using Iga.Postgres;

var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
try
{
    return await HostCommandLine.InvokeAsync(HostCommandLine.Create(ServeAsync, GenerateAsync, MigrateAsync), args);
}
catch (Exception exception) when (StartFailure.Describe(exception) is { } message)
{
    await Console.Error.WriteLineAsync(message);
    return ExitCode.Failure;
}

async Task<int> ServeAsync(StopSignals signals)
{
    await using var service = await LocalService.StartAsync(environment, Console.Error.WriteLine, signals.Stop);
    await Console.Error.WriteLineAsync(Banner.For(service));
    await service.ServeAsync(signals.Stop);
    await service.StopAsync(signals.AtOnce);
    return ExitCode.Success;
}

Task<int> GenerateAsync(GenerateArguments arguments, StopSignals signals) => new OnePicture(environment, signals).MakeAsync(arguments);

async Task<int> MigrateAsync(DateTimeOffset? eraseBefore, CancellationToken cancellationToken)
{
    var configuration = DatabaseConfiguration.Check(environment);
    await using var embedded = await EmbeddedServices.StartAsync(
        configuration.Embedding, configuration.LocalDirectory, emulatorConnections: 0, Console.Error.WriteLine, cancellationToken);
    await using var dataSource = PostgresDataSource.Create(
        embedded.Postgres?.ConnectionString ?? configuration.Idempotency.ConnectionString);
    var applied = await MigrationRunner.ApplyAsync(dataSource, cancellationToken);
    Console.WriteLine(applied.Count == 0 ? "The database is up to date." : $"Applied {string.Join(", ", applied)}.");
    if (eraseBefore is { } before)
    {
        var tasks = await new TaskErasure(dataSource, configuration.Idempotency).EraseAsync(before, cancellationToken);
        var instances = await new InstanceErasure(dataSource).EraseAsync(before, cancellationToken);
        Console.WriteLine($"Erased the prompts and error messages of {tasks} tasks, and of {instances} ended runs, from before {before:u}.");
    }

    return ExitCode.Success;
}
