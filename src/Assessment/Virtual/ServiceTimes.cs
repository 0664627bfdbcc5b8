namespace Portunus.Assessment.Virtual;

/// <summary>
/// What the programs themselves take of the time of one client, the network aside: measured over sockets, spent in one piece at the
/// beginning of each phase.
/// </summary>
/// <param name="Registered">From sign-in to registration.</param>
/// <param name="Candidate">From the click to the first relay candidate.</param>
/// <param name="Invite">From there to the INVITE.</param>
/// <param name="Media">From there to the first packet.</param>
readonly record struct ServiceTimes(TimeSpan Registered, TimeSpan Candidate, TimeSpan Invite, TimeSpan Media);
