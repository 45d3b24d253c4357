namespace Tandem.Inference.Pictures;

/// <summary>What a picture's header says.</summary>
/// <param name="Width">Columns, as stored.</param>
/// <param name="Height">Rows, as stored.</param>
/// <param name="FrameCount">Frames, at least 1.</param>
/// <param name="Orientation">EXIF's number, 1 to 8; from 5 on, columns and rows change places when it is turned
/// upright.</param>
internal readonly record struct PictureHeader(int Width, int Height, int FrameCount, int Orientation);
