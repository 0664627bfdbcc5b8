using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What a document of the core says of one registration (obligation 25; RFC 3680 §5).</summary>
/// <param name="End">What ended it; null when it lives.</param>
/// <param name="Left">In seconds, when the core let it end earlier; else null.</param>
readonly record struct RegistrationNews(RegInfoEvent? End = null, uint? Left = null)
{
    /// <param name="info">What was told.</param>
    /// <param name="registration">About whom.</param>
    /// <param name="isSettled">
    /// Whether a full document that does not speak of it means that it is gone: not when it may have been written before the
    /// core confirmed the registration.
    /// </param>
    public static RegistrationNews Of(RegInfo info, Registration registration, bool isSettled)
    {
        if (registration.LastRegister.Contacts is not [var own]) return default;
        var told = info.Registrations.FirstOrDefault(one => IsOf(one, registration.Key.AddressOfRecord));
        RegistrationNews? ended = null;
        foreach (var contact in told?.Contacts ?? [])
        {
            // The URI names a binding; an instance may have had others before.
            if (!SipUri.TryParse(contact.Uri, out var uri) || !uri.IsEquivalentTo(own.Uri)) continue;
            if (!contact.IsTerminated) return new(Left: contact.Event == RegInfoEvent.Shortened ? contact.Expires : null);
            ended = new(contact.Event);
        }

        if (ended is { } end) return end;
        if (told is { State: RegInfoState.Terminated }) return new(RegInfoEvent.Deactivated);
        return info.IsFull && isSettled ? new(RegInfoEvent.Deactivated) : default;
    }

    static bool IsOf(RegInfoRegistration told, string addressOfRecord) =>
        SipUri.TryParse(told.AddressOfRecord, out var uri) && uri.AddressOfRecord == addressOfRecord;
}
