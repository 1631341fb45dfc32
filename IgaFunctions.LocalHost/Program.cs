using Iga.Embedded;
using Iga.Keys;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Doctor;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.CommandLine.Server;
using Iga.LocalHost.CommandLine.Tasks;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Host;
using Iga.LocalHost.Migrations;
using Iga.Postgres;

var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
try
{
    var server = new ServerOptions(environment);
    return await HostCommandLine.InvokeAsync(
        HostCommandLine.Create(
            ServeAsync, MigrateAsync,
            GenerateVerb.Create(
                server,
                (arguments, address, signals) => new Generation(environment, signals).MakeAsync(arguments, address),
                (arguments, address, signals) => new Generation(environment, signals).MakeAsync(arguments, address)),
            StatusVerb.Create(server), ListVerb.Create(server), CancelVerb.Create(server), RetryVerb.Create(server), OpenVerb.Create(server, PictureFolder),
            WatchVerb.Create(server), DoctorVerb.Create(server, new LocalCheckup(environment, Console.Error.WriteLine).RunAsync)),
        args);
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

string PictureFolder() => Path.Combine(LocalDirectory.Resolve(environment["IGA_LOCAL_DIR"]), "pictures");

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
