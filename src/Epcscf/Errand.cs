using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Why a request was sent on: what the rules for its responses need to know.</summary>
abstract class Errand
{
    /// <summary>A WIC's REGISTER went to the core.</summary>
    public sealed class Registering(
        FlowId flow, string addressOfRecord, VerifiedToken? token, TurnCredentialRequest? wanted, SipMessage sent) : Errand
    {
        public FlowId Flow { get; } = flow;

        public string AddressOfRecord { get; } = addressOfRecord;

        /// <summary>That it came with; null in scenario 1.</summary>
        public VerifiedToken? Token { get; } = token;

        public TurnCredentialRequest? Wanted { get; } = wanted;

        /// <summary>As it went to the core.</summary>
        public SipMessage Sent { get; } = sent;

        /// <summary>Whether it changes bindings, and does not only ask for them.</summary>
        public bool IsBinding { get; } = sent.Has(HeaderName.Contact);

        /// <summary>The device that it is for; null for all of them.</summary>
        public RegistrationKey? Key { get; } =
            sent.Contacts is [var contact] ? RegistrationKey.Of(addressOfRecord, contact) : null;
    }

    /// <summary>Our own REGISTER for a WIC that did not come back.</summary>
    public sealed class Deregistering(Registration registration, int tries) : Errand
    {
        public Registration Registration { get; } = registration;

        /// <summary>How often the core was told, this time included.</summary>
        public int Tries { get; } = tries;
    }

    /// <summary>Our own SUBSCRIBE to the reg events of a registration set.</summary>
    public sealed class Watching(Watch watch, WatchDialog dialog, Instant sentAt, TimeSpan life) : Errand
    {
        public Watch Watch { get; } = watch;

        public WatchDialog Dialog { get; } = dialog;

        public Instant SentAt { get; } = sentAt;

        /// <summary>As it was asked for.</summary>
        public TimeSpan Life { get; } = life;
    }

    /// <summary>A WIC's request went to the core.</summary>
    public sealed class ToCore(Registration caller, SipMessage sent) : Errand
    {
        public Registration Caller { get; } = caller;

        /// <summary>As it went to the core.</summary>
        public SipMessage Sent { get; } = sent;
    }

    /// <summary>A request went to a WIC.</summary>
    public sealed class ToWic(Registration called, SipMessage sent) : Errand
    {
        public Registration Called { get; } = called;

        /// <summary>As it went to the WIC.</summary>
        public SipMessage Sent { get; } = sent;
    }
}
