using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

public sealed class TensorImageTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    public void What_is_drawn_is_what_the_file_holds(int channels, int expected)
    {
        var random = new Random(channels);
        var pixels = new byte[31, 17, channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            // Smooth and rough rows, so that every filter has its turn.
            var (row, column, channel) = (i / (17 * channels), i / channels % 17, i % channels);
            pixels[row, column, channel] = (byte)(row % 5 == 0 ? random.Next(256) : (row * 3) + (column * 7) + (channel * 40));
        }

        var tensor = Tensor.From(pixels);
        var png = PngFile.Read(tensor.AsImage().ToPng());
        Assert.Equal((17, 31, expected), (png.Width, png.Height, png.Channels));
        Assert.Equal(tensor.ToArray<byte>(), png.Pixels);
        Assert.Equal(png.Pixels, PngFile.Read(tensor.Permute(2, 0, 1).AsImage().ToPng()).Pixels);
        Assert.Equal(png.Pixels, PngFile.Read((tensor.To(DType.Float64) / 255.0).AsImage().ToPng()).Pixels);
    }

    [Fact]
    public void Numbers_are_scaled_to_grey_or_colours()
    {
        var x = Tensor.Linspace(-2, 2, 5).Reshape(1, 5);
        Assert.Equal([0, 64, 128, 191, 255], PngFile.Read(x.AsImage().ToPng()).Pixels);
        Assert.Equal([0, 0, 0, 255, 255], PngFile.Read(x.AsImage(low: 0, high: 1).ToPng()).Pixels);
        Assert.Equal([0, 255], PngFile.Read(Tensor.From(new[,] { { false, true } }).AsImage().ToPng()).Pixels);
        Assert.Equal([100, 200], PngFile.Read(Tensor.From(new[,] { { 100, 200 } }).AsImage().ToPng()).Pixels);
        var sequential = PngFile.Read(x.AsImage(ColorMap.Sequential).ToPng());
        Assert.Equal([0x44, 0x01, 0x54], sequential.At(0, 0));
        Assert.Equal([0xfd, 0xe7, 0x25], sequential.At(0, 4));
        var diverging = Tensor.From(new[,] { { -1f, 0, 4 } }).AsImage(ColorMap.Diverging);
        Assert.Equal((-4, 4), (diverging.Low, diverging.High));
        Assert.All(PngFile.Read(diverging.ToPng()).At(0, 1), level => Assert.InRange(level, 245, 248));
        Assert.Contains("image, 3 × 1 pixels, of f32 [1, 3], from -4 to 4", diverging.ToString());
    }

    [Fact]
    public void What_is_not_finite_is_red()
    {
        var png = PngFile.Read(Tensor.From(new[,] { { 0, float.NaN, 1, float.NegativeInfinity } }).AsImage().ToPng());
        Assert.Equal([0, 0, 0], png.At(0, 0));
        Assert.Equal([0xE0, 0x43, 0x4F], png.At(0, 1));
        Assert.Equal([255, 255, 255], png.At(0, 2));
        Assert.Equal([0xE0, 0x43, 0x4F], png.At(0, 3));
        Assert.NotEmpty(Tensor.Full((3, 3), double.NaN).AsImage(ColorMap.Diverging).ToPng());
    }

    [Fact]
    public void Several_pictures_stand_side_by_side()
    {
        var x = Tensor.From([10, 20, 30, 40, 50]).Reshape(5, 1, 1).BroadcastTo((5, 6, 7)).To(DType.UInt8);
        var png = PngFile.Read(x.AsImage().ToPng());
        Assert.Equal(((3 * 9) - 2, (2 * 8) - 2, 4), (png.Width, png.Height, png.Channels));
        Assert.Equal([20, 20, 20, 255], png.At(0, 9));
        Assert.Equal([40, 40, 40, 255], png.At(8, 0));
        Assert.Equal(0, png.At(0, 7)[3]);
        Assert.Equal(0, png.At(8, 18)[3]);
        Assert.Equal((5 * 9) - 2, x.AsImage(columns: 5).Width);
        Assert.Equal(PngFile.Read(x.Unsqueeze(1).AsImage().ToPng()).Pixels, png.Pixels);
        Assert.StartsWith("64 of 1,000 images", Tensor.Zeros((1000, 3, 8, 8), DType.UInt8).AsImage().ToString());
    }

    [Fact]
    public void Large_pictures_are_averaged_down()
    {
        var x = Tensor.Arange(2000).Reshape(1, 2000).BroadcastTo((1000, 2000)).To(DType.Float32);
        var image = x.AsImage();
        Assert.Equal((666, 333), (image.Width, image.Height));
        var levels = PngFile.Read(image.ToPng());
        Assert.Equal([0], levels.At(100, 0));
        Assert.Equal([(byte)((1.0 + (3 * 300)) / 1999 * 255 + 0.5)], levels.At(0, 300));
        var checker = (Tensor.Arange(1600, DType.Int32).Reshape(1600, 1) + Tensor.Arange(1600, DType.Int32)) % 2;
        Assert.All(PngFile.Read(checker.AsImage(low: 0, high: 1).ToPng()).Pixels, level => Assert.InRange(level, 100, 155));
        Assert.InRange(Tensor.Zeros((2, 100_000)).AsImage().Width, 700, 768);
    }

    [Fact]
    public void The_picture_is_that_of_the_moment_it_was_made()
    {
        var x = Tensor.Zeros((2, 2)).Clone();
        var image = x.AsImage();
        x.Fill(1);
        Assert.Equal([0, 0, 0, 0], PngFile.Read(image.ToPng()).Pixels);
        var path = Path.GetTempFileName();
        x.AsImage().Save(path);
        Assert.Equal([255, 255, 255, 255], PngFile.Read(File.ReadAllBytes(path)).Pixels);
        File.Delete(path);
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        Assert.StartsWith("asImage: shape [5] is no picture; [height, width],", Assert.Throws<ArgumentException>(() => Tensor.Ones(5).AsImage()).Message);
        Assert.StartsWith("asImage: shape [8, 8, 2] is no picture with channels last; ", Assert.Throws<ArgumentException>(() => Tensor.Ones((8, 8, 2)).AsImage(channelsFirst: false)).Message);
        Assert.Throws<ArgumentException>(() => Tensor.Ones((2, 8, 8, 2)).AsImage());
        Assert.Throws<ArgumentException>(() => Tensor.Ones((0, 8)).AsImage());
        Assert.Contains("low must be below high", Assert.Throws<ArgumentException>(() => Tensor.Ones((8, 8)).AsImage(low: 1, high: 1)).Message);
        Assert.Contains("both finite", Assert.Throws<ArgumentException>(() => Tensor.Ones((8, 8)).AsImage(low: double.NaN)).Message);
    }

    [Theory]
    [InlineData(DType.UInt8, true, 28, 28)]
    [InlineData(DType.UInt8, true, 28, 28, 3)]
    [InlineData(DType.UInt8, true, 4, 28, 20)]
    [InlineData(DType.UInt8, true, 10, 1, 28, 28)]
    [InlineData(DType.UInt8, true, 8, 8, 3)]
    [InlineData(DType.UInt8, false, 8, 8)]
    [InlineData(DType.UInt8, false, 16, 400)]
    [InlineData(DType.UInt8, false, 20, 30, 40)]
    [InlineData(DType.UInt8, false, 1000, 3)]
    [InlineData(DType.Float32, true, 3, 28, 28)]
    [InlineData(DType.Float32, true, 28, 28, 3)]
    [InlineData(DType.Float16, true, 2, 28, 28, 3)]
    [InlineData(DType.Float32, false, 28, 28)]
    [InlineData(DType.Float32, false, 64, 3, 7, 7)]
    [InlineData(DType.Int64, false, 28, 28, 3)]
    public void What_looks_like_a_picture_is_shown_as_one(DType type, bool isPicture, params int[] shape)
    {
        var uniform = Tensor.Random(1).Uniform(shape);
        var html = MimeBundles.Of((type.IsFloatingPoint ? uniform : uniform * 255).To(type)).Data["text/html"];
        Assert.Equal(isPicture, html.Contains("data:image/png", StringComparison.Ordinal));
        Assert.Equal(isPicture, html.Contains("<summary class=\"s\">values</summary>", StringComparison.Ordinal));
        Assert.DoesNotContain("data:image/png", MimeBundles.Of((uniform * 300 - 20).To(DType.Float32)).Data["text/html"]);
    }

    [Fact]
    public void A_picture_is_shown_with_what_its_colours_mean()
    {
        var html = MimeBundles.Of(Tensor.Linspace(-3, 7, 100).Reshape(10, 10).AsImage(ColorMap.Sequential)).Data["text/html"];
        Assert.Equal(2, html.Split("data:image/png;base64,").Length - 1);
        Assert.Contains(">-3</span>", html);
        Assert.Contains(">7</span>", html);
        Assert.Contains("width=\"250\"", html);
        Assert.Equal("image, 10 × 10 pixels, of f32 [10, 10], from -3 to 7", MimeBundles.Of(Tensor.Linspace(-3, 7, 100).Reshape(10, 10).AsImage()).Data["text/plain"]);
    }
}
