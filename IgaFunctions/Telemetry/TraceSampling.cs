using OpenTelemetry.Trace;

namespace Iga.Telemetry;

/// <summary>
/// Which traces are kept. Spans follow their parent, so that a trace is whole or not there; a call outside that belongs to no task
/// (a look for work, a heartbeat) makes no trace of its own.
/// </summary>
/// <param name="root">Decides about a task's trace.</param>
internal sealed class TraceSampling(Sampler root) : Sampler
{
    private readonly Sampler _followsParent = new ParentBasedSampler(root);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.ParentContext.TraceId == default && samplingParameters.Kind == System.Diagnostics.ActivityKind.Client
            ? new SamplingResult(SamplingDecision.Drop)
            : _followsParent.ShouldSample(samplingParameters);
}
