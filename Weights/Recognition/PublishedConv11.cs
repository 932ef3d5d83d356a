namespace GatysGpu.Weights.Recognition;

/// <summary>A likeness of conv1_1 of the published VGG-19, to recognise it by.</summary>
/// <remarks>Derived from the weights of K. Simonyan and A. Zisserman's VGG-19, CC BY 4.0: each of the 64 filters divided by its
/// largest magnitude and rounded to 1/127, so that files in half precision, quantised or rescaled files are recognised too.</remarks>
internal static class PublishedConv11
{
    /// <summary>Filters in the original.</summary>
    public const int K = 64;

    /// <summary>[64, 3, 3, 3], channels B, G, R, in steps of 1/127 of each filter's largest magnitude.</summary>
    public static sbyte[] Filters { get; } = [.. Convert.FromBase64String(Coded).Select(b => (sbyte)b)];

    private const string Coded =
        "XV30Pxmt7L2kf3LzUxya66uBbGfzSRuj67OOQlwsXH83RWEtFyT7Jz37Gyn8xsqxydWkys+xCQvXQFHrBw7VNjT0c38LNTfy7eezICjD7euySTU7" +
        "EpzqBJzcbk1SHZPk/oHFZEhMHZrpAozO3EA/tz49odDi1VFXqEhQgcTg7F5cx15do+L2cHpweH90anlop5yqmYuZoZyj697w3Mvd6eLuKcqqUeex" +
        "VjgKNbyLaeWcfEoKG6aBR8mMXC76CS0unrgOnan8HVxsmdA8gaYRMnF3vfZVosopOS06NSswMjotmIabkYGPl5qUOTQ+Pzw/Nkc3GvYgTTRYam9x" +
        "sYG45sLyFxMhuYS/5r3xHRIkDWcI+2/+p8G1HX8X/Xn/kK6fGXUT/HL+mbWn5DYcviMZoMPcGX9r5mFftuoN3TcmqRcXhK7T0NXU0tzVys7OW2pd" +
        "a39rWmdaw8rGy9bLxcrFGwDVV0/7TE0OCuCxSjXaSkD6z6OBBe2hDf7G7pzv/Jj/RS5D4IHh+In7WTxY7JHsAJUCVz1UMy8vJggiMCgturG3poGj" +
        "tqi0NTczKxMqLSsu998D0bna0Mbe1sLYyrnLzMnSUE9Fc3dnbH9oCxy8FB6WwrSEen38f3jMFPWoPkPRQj2g5smGQzQ9QRlAQSw7u6O3soG0u565" +
        "JBUkIvsoJA8mIwIi/MT4C+cF28TZxpjBz7fKaWxnf257e393em86WR7xKvHSUzgCH9Gi7J+BUTcLHdGt86mTUmkYH+62+bSwbnsTLOyd8JuEa38b" +
        "OQK1A7efS05KT01LQ01HIBIcEwENFQ8Wtp6ynoGYrp2v0eAz7PpbMkVqgZT7nrEn9g1CscEizNpJHjFgGvPEQRXGJQ/aUh3gf0TkZUH+98CTGt6P" +
        "CuSvTWFWan9zT2ZXMD07SFVRN0c/mZinoJyqoqKq9pyxN+vhTUUo7oGQROjVblwz8oqaQeraY1UxjpaYjbmekZuYFEAxK39SFEEv7ygSD2877ykP" +
        "9wJRnY466+5C7QVvgoFP2+ta9AVkjYVG4+xQoKCzk4acsKLE9/np4tXJ2svQcH9EbWw1OTcSm7na0kpB7EYyj7ro119h/2lcgaLPwDs96UY7YlBp" +
        "biZtf1R2U09YbjVqbVJiYmVmd0Z0bVljnoyim7STpKejioGMj7OFi5mLDycSNHkrCzkL8unDP2jrFzrrwrOGFzuz8BC3Bf7RVH/9KE34xrubJm3g" +
        "GF/0vqyBNHbZMHP5w7CILm3YKmn3qtUDuztj1xsshssOpUN/yShKkM8MrUF2ziRAExUTHSAeFBkXFw4XFg0XFxAZoo6ilYGVpZOmsL+55VQIBWwh" +
        "mLCq4VwNC38wrMO862ETDXotO08YCv7g3sLEcH9BLxv39dDONUEL8t3AxZ2iOCEyPw82NR4tzKPCxIG4yqG/8srq66jg8srpxrqcBRfE9QXMIQ3g" +
        "c38YZnImy7STEBi/ChDSR05a/dY04LoTKzJIzaURqYHqQUZZ6sEoyKEF5j9aow1Wps4G3lJ/ixJxgsEP4klukw5ijsQKQkxM+rcK5ZzoVlxi96wJ" +
        "1IHZUVda+rEL3Izg+9ykTUG8GBbGIvSpf2TJTT7a+s2PTTOoIxO9G0FerMFEt8AiG1F/lbtWlq4oG0pun79No7YlzbGTJ0C7CiXO3LiCU2jDN1Dd" +
        "79WgYX/gPV/wo6Dt1Qc2HVpQgYflxARCI25ujZDqywU+I2ZkDtuoLvaYGhPiKduFWQWBSS3bO/ehayShVULxFE5yxwFez/9B9TZtk9ZLndQs5RhO" +
        "gbYpkr0U+vwABQgH/gAANjQ+ODU6Mi0zm42jkIGSmYmbSifwPdudLvjPYSrjTdKBPPC2WSvqSNeNN/TADwcg270O/+oU0dP5lIHjua7nKDpU+/lN" +
        "DhRCpo30ztAsARAqjIH70udTHT5iqqAM8gZjMlJpL9nKW/ffcE0t/ZOBLreaUR/7G7iqR9jBZjocx+wfwvxF5A433hBU3CR/CD52lbj+jMQgv+cg" +
        "ByZVwtpI8QI50/s7gaQnttAYACdcttlP5f89WR8DSNPFUBgHOOvKIJWBLuXPUAzwOrqrRwf2u/wXuU9osfkTqAAppld/mfghtAIislVypPoZsJu4" +
        "moGeq5GtSlFMWl1XUVNOJjolRldBNEQvr80EwStn1Rk4l8cOtDR/zyZSnscHuCxv0R5DlIWJnNiGiaCBvqetwPWjrsChm5CMqeuQjq2F78qfXFTA" +
        "MDXU876BcFiuSULN9MKMZ1S1QT7T/+yvaGfCDgiyDO+cf3a2HQ+iDvuvenrJHBaz";
}
