using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// The bytes that may go out to sources that have proved nothing, all of a kind together. Time gives so many a second; where more than that
/// comes in, what comes in gives, byte for byte less an eighth: however many sources are forged, and however short the requests are, more
/// does not leave than arrived.
/// </summary>
/// <remarks>The lower half is kept for requests that came again: while a flood takes all that there is, a client that is there is answered
/// at its second attempt.</remarks>
/// <param name="limits">Its size.</param>
/// <param name="factor">So many times as large.</param>
sealed class UnauthenticatedBudget(UnauthenticatedLimits limits, int factor = 1)
{
    BucketRate _rate = RateOf(limits, factor);

    TokenBucket _left;

    // What time gives, once more: so much of what comes in gives nothing, or a flood would be paid for twice.
    TokenBucket _given;

    /// <summary>Another budget holds from now on.</summary>
    public void Use(UnauthenticatedLimits limits) => _rate = RateOf(limits, factor);

    /// <summary>A request of so many bytes came.</summary>
    public void Earn(Instant now, int length)
    {
        if (!_given.TryTake(now, _rate, length)) _left.Give(length * 7 / 8);
    }

    /// <summary>An answer came back as part of a request of so many bytes: it went to nobody's victim.</summary>
    public void Return(int length) => _left.Give(length);

    /// <summary>Whether an answer of so many bytes may leave; then it is paid.</summary>
    public bool TrySpend(Instant now, int length, bool isRepeated) =>
        _left.TryTake(now, _rate, length, isRepeated ? 0 : _rate.Burst / 2);

    static BucketRate RateOf(UnauthenticatedLimits limits, int factor) =>
        new((long)limits.BytesPerSecond * factor, (long)limits.BytesAtOnce * factor);
}
