using Iga.Emulators.Faults;

namespace Iga.Emulators.Storage;

/// <summary>Notes a request and takes its fault.</summary>
/// <param name="fits">Which faults can strike it; null is all.</param>
internal delegate StorageExchange BeginExchange(
    HttpContext context, string operation, string bucket, string name, Func<Fault, bool, bool>? fits = null);
