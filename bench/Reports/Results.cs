namespace Iga.Bench.Reports;

/// <summary>What was measured, in the order in which it was first measured.</summary>
internal sealed class Results
{
    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Told of every value.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    public void Add(string system, string group, string name, Unit unit, double value, bool isReckoned = false)
    {
        var figure = Find(system, group, name);
        if (figure is null)
        {
            figure = new Figure(system, group, name, unit, [], isReckoned);
            _figures.Add(figure);
        }

        figure.Values.Add(value);
        Tell($"  {system}: {group}, {name}: {Words.Of(value, unit)}");
    }

    public Figure? Find(string system, string group, string name) =>
        _figures.Find(f => (f.System, f.Group, f.Name) == (system, group, name));
}
