namespace GatysGpu.Engine.Imaging;

internal sealed class JpegEncoder(Picture picture, int quality)
{
    public void Write(Stream destination) => throw new NotImplementedException($"{picture.Width} {quality} {destination.CanWrite}");
}
