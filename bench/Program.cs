using Iga.Bench.Chaos;
using Iga.Bench.Measures;

var root = MeasureCommand.Create();
root.Add(ChaosCommand.Create());
return await root.Parse(args).InvokeAsync();
