using Portunus.Tests.Conformance.Requirements;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>How sentences are found in the text of an RFC.</summary>
public sealed class SentenceFinderTests
{
    const string Text =
        """
           1.  Contents MUST not count ....... 1

        1.  Terms

           The key words "MUST", "SHOULD" are as in RFC 2119.

        7.2.  Receiving

           A server MUST listen.  It may rest (e.g., at
           night).  It SHOULD NOT sleep over a page

        Someone                  Standards Track                   [Page 4]
        
        RFC 9999                       Rest                  November 2026

           or two.  It need not dream.

           *  Whoever knocks is REQUIRED to wait

           *  and MUST NOT knock twice
        """;

    [Fact]
    public void Each_sentence_with_a_word_of_RFC_2119_is_found_with_section_number_and_words() => Assert.Equal(
        [
            ("7.2", 1, "A server MUST listen.", "MUST"),
            ("7.2", 2, "It SHOULD NOT sleep over a page or two.", "SHOULD NOT"),
            ("7.2", 3, "Whoever knocks is REQUIRED to wait", "REQUIRED"),
            ("7.2", 4, "and MUST NOT knock twice", "MUST NOT"),
        ],
        SentenceFinder.Find(Text));
}
