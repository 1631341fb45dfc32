using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Iga.Connections;
using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Microsoft.AspNetCore.Connections;

namespace Iga.Emulators;

/// <summary>Both emulators as a program of their own.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    /// <summary>Of descriptors: the program's own files.</summary>
    private const int Reserve = 320;

    /// <summary>Of each emulator. A connection to GCS may have an object's file open.</summary>
    private static readonly int MaxConnections = Math.Clamp((DescriptorLimit.Current - Reserve) / 3, 16, 10_000);

    public static async Task<int> RunAsync(string[] args)
    {
        var host = new Option<string>("--host")
        {
            Description = "Loopback address to listen on.",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var vertexPort = WholeNumber("--vertex-port", "Port of Vertex AI; 0 is any free one.", ushort.MaxValue);
        var gcsPort = WholeNumber("--gcs-port", "Port of GCS; 0 is any free one.", ushort.MaxValue);
        var allowedHost = new Option<string[]>("--allow-host")
        {
            Description = "A name that clients reach it by, besides localhost and addresses; repeatable.",
            HelpName = "NAME",
        };
        var data = new Option<string?>("--data")
        {
            Description = "Keep objects as files in this directory, across restarts.",
            HelpName = "DIR",
        };
        var bucket = new Option<string[]>("--bucket")
        {
            Description = "A bucket that exists; repeatable. Without it, any bucket is created when it is first used.",
            HelpName = "NAME",
        };
        var picture = new Option<FileInfo>("--picture")
        {
            Description = "Answer with this PNG or JPEG file always, in place of a drawn picture.",
            HelpName = "FILE",
        };
        picture.AcceptExistingOnly();
        picture.Validators.Add(result =>
        {
            if (result.GetValue(picture) is { Exists: true } file && FixedPicture.TypeOf(file) is null)
            {
                result.AddError($"{file} is neither a PNG nor a JPEG file: a PNG or JPEG is expected after --picture.");
            }
        });
        var latency = WholeNumber("--latency-ms", "How long every call of a model takes.", int.MaxValue);
        var catalog = new Option<FileInfo>("--model-catalog")
        {
            Description = "A file that adds to the catalog of models, in the form of the service's IGA_MODEL_CATALOG.",
            HelpName = "FILE",
        };
        catalog.AcceptExistingOnly();
        var root = new RootCommand("Vertex AI (image models) and Google Cloud Storage, emulated on loopback.")
        {
            host, vertexPort, gcsPort, allowedHost, data, bucket, picture, latency, catalog,
        };
        root.SetAction((parse, stop) => ServeAsync(
            new VertexEmulatorOptions
            {
                Host = parse.GetRequiredValue(host),
                Port = parse.GetValue(vertexPort),
                MaxConnections = MaxConnections,
                AllowedHosts = parse.GetValue(allowedHost) ?? [],
                Latency = TimeSpan.FromMilliseconds(parse.GetValue(latency)),
                ModelCatalogFile = parse.GetValue(catalog)?.FullName,
                PictureFactory = parse.GetValue(picture) is { } file ? FixedPicture.Always(file) : null,
            },
            new GcsEmulatorOptions
            {
                Host = parse.GetRequiredValue(host),
                Port = parse.GetValue(gcsPort),
                MaxConnections = MaxConnections,
                AllowedHosts = parse.GetValue(allowedHost) ?? [],
                DataDirectory = parse.GetValue(data),
                Buckets = parse.GetValue(bucket) is { Length: > 0 } names ? names : null,
            },
            stop));

        // An argument that begins with @ is itself, not a file of further arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync("--help lists the options.");
            return UsageError;
        }

        return await parsed.InvokeAsync();
    }

    private static Option<int> WholeNumber(string name, string description, int largest) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens is [{ Value: var value }] ? value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= largest)
            {
                return number;
            }

            result.AddError($"{name} has to be a whole number from 0 to {largest}, and is \"{text}\".");
            return 0;
        },
    };

    private static async Task<int> ServeAsync(
        VertexEmulatorOptions vertexOptions, GcsEmulatorOptions gcsOptions, CancellationToken stop)
    {
        try
        {
            await using var vertex = await StartAsync(VertexEmulator.StartAsync(vertexOptions, stop), $"--vertex-port {vertexOptions.Port}");
            await using var gcs = await StartAsync(GcsEmulator.StartAsync(gcsOptions, stop), $"--gcs-port {gcsOptions.Port}");
            Console.WriteLine($"Vertex AI  {vertex.Address}  (IGA_VERTEX_ENDPOINT)");
            Console.WriteLine($"GCS        {gcs.Address}  (STORAGE_EMULATOR_HOST)");
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return UsageError;
        }
        catch (PortTakenException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && gcsOptions.DataDirectory is not null)
        {
            await Console.Error.WriteLineAsync($"--data {gcsOptions.DataDirectory} can't be used: {exception.Message}");
            return UsageError;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<T> StartAsync<T>(Task<T> starting, string port)
    {
        try
        {
            return await starting;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new PortTakenException($"{port}: the port is taken. Stop the program that uses it, or give another one; 0 is any free one.", exception);
        }
    }

    private sealed class PortTakenException(string message, Exception cause) : Exception(message, cause);
}
