using Iga.Bench.Chaos;
using Iga.Bench.Limits;
using Iga.Bench.Measures;

var root = MeasureCommand.Create();
root.Add(ChaosCommand.Create());
root.Add(BareKestrel.Command());
return await root.Parse(args).InvokeAsync();
