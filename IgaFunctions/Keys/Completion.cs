using Iga.Images;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>What a task writes into its row when it has completed.</summary>
/// <param name="Generation">Which version of the object in the bucket its picture is; null where that is not known.</param>
/// <param name="UploadSeconds">How long the upload took; null where that is not known.</param>
internal sealed record Completion(ImageResult Result, long? Generation, double? UploadSeconds);
