using System.CommandLine;
using Iga.Bench.Chaos;

var root = new RootCommand("Measures IGA and tries to break it.") { ChaosCommand.Create() };
return await root.Parse(args).InvokeAsync();
