using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment;

/// <summary>A part of the assessment, which adds what it finds to the draft while it goes on.</summary>
public interface IExperiment
{
    /// <summary>As it stands in the progress and among what is missing.</summary>
    string Name { get; }

    /// <summary>Whether it mostly waits, so that a quick run may have it beside its neighbours that do, too.</summary>
    bool MostlyWaits => false;

    /// <summary>Steps of about equal length, for the progress.</summary>
    int StepsOf(AssessmentPlan plan);

    /// <param name="plan">What to do.</param>
    /// <param name="draft">Where results go, each as soon as it is there.</param>
    /// <param name="stepDone">Called after each step.</param>
    /// <param name="stop">The run is interrupted; what is in the draft is kept.</param>
    Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop);
}
