using System.Text.Json.Serialization;
using Tandem.Server.Guard;
using Tandem.Server.Routes;
using Tandem.Serving;
using Tandem.Workspace;

namespace Tandem.Server;

/// <summary>Bodies over the wire: names in snake case, absent where null, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ReadyBody))]
[JsonSerializable(typeof(EventsBody))]
[JsonSerializable(typeof(EventOutcomeBody))]
[JsonSerializable(typeof(RowBody))]
[JsonSerializable(typeof(RecommendBody))]
[JsonSerializable(typeof(RecommendResponse))]
[JsonSerializable(typeof(PredictBody))]
[JsonSerializable(typeof(PredictResponse))]
[JsonSerializable(typeof(SimilarResponse))]
[JsonSerializable(typeof(ModelsBody))]
[JsonSerializable(typeof(FeatureCatalogue))]
[JsonSerializable(typeof(EntityHistoryBody))]
[JsonSerializable(typeof(OnlineQueryBody))]
[JsonSerializable(typeof(OnlineAnswerBody))]
[JsonSerializable(typeof(PushBody))]
[JsonSerializable(typeof(MaterializeBody))]
[JsonSerializable(typeof(MaterializeNextBody))]
[JsonSerializable(typeof(Materialization))]
[JsonSerializable(typeof(AdviceBody))]
[JsonSerializable(typeof(AdviceQuestionsBody))]
[JsonSerializable(typeof(AdviceProposalBody))]
internal sealed partial class ServerJson : JsonSerializerContext;
