namespace Iga.TaskImage;

/// <summary>The picture was deleted or replaced between the look at it and its first byte.</summary>
internal sealed class PictureGoneException : Exception;
