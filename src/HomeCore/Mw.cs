namespace Portunus.HomeCore;

/// <summary>The one way of the home core: to the edge, over the reference point of that name.</summary>
readonly record struct Mw;
