using System.Globalization;
using Tandem.Faults;

namespace Tandem.Spec;

/// <summary>Every message of this room. Places are added where the fault is reported.</summary>
internal static partial class SpecErrors
{
    // --- The file
    public static Fault Missing(string path) =>
        new("SPC001", $"There is no design file '{path}'.", "Write one with 'tandem new', or name the file to use.")
        {
            Kind = FaultKind.NotFound,
        };

    public static Fault Unreadable(string path, string why) =>
        new("SPC001", $"The design file '{path}' cannot be read: {why}", "Check its permissions and the disk.")
        {
            Kind = FaultKind.Unavailable,
        };

    public static Fault TooLarge(long bytes, long limit) =>
        new("SPC002", $"The file holds {bytes} bytes; a design has at most {limit}.",
            "Move data out of it: a design names files, it does not hold them.");

    public static Fault NotUtf8(long offset) =>
        new("SPC003", $"Byte {offset} is not valid UTF-8.", "Save the file as UTF-8.");

    public static Fault Syntax(string what, string remedy) => new("SPC004", what, remedy);

    public static Fault Alias(string name) =>
        new("SPC005", $"The alias '*{name}' is not allowed here.", "Write the value out where it is needed.");

    public static Fault Anchor(string name) =>
        new("SPC005", $"The anchor '&{name}' is not allowed here.",
            "Remove it, and write the value out where it is needed.");

    public static Fault Tag(string name) =>
        new("SPC005", $"The tag '{name}' is not allowed here.",
            "Remove it: the key decides the type of its value. A text that starts with '!' goes in quotes.");

    public static Fault ComplexKey() =>
        new("SPC005", "A list or mapping cannot be a key.",
            "Write the key as one word. A value such as '{name}' goes in quotes.");

    public static Fault SecondDocument() =>
        new("SPC005", "The file holds a second document.",
            "Keep one design to a file: remove '---' and what follows it.");

    public static Fault TooDeep(int limit) =>
        new("SPC006", $"Lists and mappings are nested more than {limit} deep.",
            "No section of a design is this deep: check brackets and indentation.");

    public static Fault TooManyValues(int limit) =>
        new("SPC006", $"The file holds more than {limit} keys and values.",
            "No design is this large: data belongs in files that sources import.");

    public static Fault Empty() =>
        new("SPC007", "The file is empty.", "Start with 'tandem new', or write name, objective and sources.")
        {
            Expected = "a mapping with name, objective and sources",
        };

    // --- Keys and values
    public static Fault UnknownKey(string key, string where, IReadOnlyList<string> keys) =>
        new("SPC010", $"Unknown key '{key}' {where}.", "Rename or remove it.")
        {
            Expected = "one of: " + string.Join(", ", keys),
            Nearest = NearestName.Find(key, keys),
        };

    public static Fault DuplicateKey(string key, int line) =>
        new("SPC011", $"The key '{key}' is given twice; line {line} has it already.", "Keep one of the two.");

    public static Fault WrongType(string said, string path, string expected) =>
        new("SPC012", $"{path} has {said}.", "Change the value to what the key takes.") { Expected = expected };

    public static Fault QuotedValue(string said, string path, string expected) =>
        new("SPC012", $"{path} has {said}.", "Remove the quotes.") { Expected = expected };

    public static Fault MissingKey(string key, string where, string meaning) =>
        new("SPC013", $"The key '{key}' is missing {where}.", $"Add it: {Lower(meaning)}");

    public static Fault OutOfRange(string said, string path, string expected) =>
        new("SPC014", $"{path} has {said}.", "Choose a value in the range.") { Expected = expected };

    public static Fault NotAWord(string word, string path, IReadOnlyList<string> words) =>
        new("SPC015", $"{path} has '{word}'.", "Use one of the words.")
        {
            Expected = "one of: " + string.Join(", ", words),
            Nearest = NearestName.Find(word, words),
        };

    public static Fault Malformed(string said, string path, string expected, string remedy) =>
        new("SPC016", $"{path} has {said}.", remedy) { Expected = expected };

    public static Fault Exclusive(string first, string second, string where) =>
        new("SPC017", $"'{first}' and '{second}' exclude each other {where}.", "Keep one of the two.");

    public static Fault OneOfNeeded(string first, string second, string where) =>
        new("SPC013", $"Either '{first}' or '{second}' is missing {where}.", "Add one of the two.");

    public static Fault Repeated(string value, string path) =>
        new("SPC018", $"{path} names '{value}' twice.", "Remove one of the two.");

    public static Fault Reserved(string name, string why) =>
        new("SPC019", $"The name '{name}' is taken: {why}.", "Choose another name.");

    public static Fault RangeOfNoNumber(string path) =>
        new("SPC028", $"{path} has a range, but only whole and number columns have one.",
            "Remove min and max, or change the type.");

    public static Fault LengthOfNoText(string path) =>
        new("SPC028", $"{path} has a max_length, but only texts and lists have a length.",
            "Remove max_length, or change the type.");

    public static Fault EmptyRange(string path, double minimum, double maximum) =>
        new("SPC028",
            string.Create(
                CultureInfo.InvariantCulture, $"{path} allows nothing: min {minimum} is above max {maximum}."),
            "Exchange the two.");

    public static Fault FileParts(string path) =>
        new("SPC029", $"{path} must name one file as 'all', or files as 'train' and 'test'.",
            "Write 'files: name', or 'files: {train: name, test: name}'.");

    public static Fault OperatorColumn(string name, bool needsColumn, string path) => needsColumn
        ? new("SPC013", $"{path} does not say what '{name}' reads.",
            $"Add a column or an entity, such as '{name} watch_fraction over 7d'.")
        : new("SPC017", $"{path} gives '{name}' a column, but it reads none.", $"Remove the column: '{name} over 7d'.");

    public static Fault OperatorCount(string name, int k, string path) =>
        new("SPC014", $"{path} asks '{name}' to keep {k} values.", "Choose a value in the range.")
        {
            Expected = "1 to 1000",
        };

    public static Fault OperatorTakesNo(string name, string key, IReadOnlyList<string> takes, string path) =>
        new("SPC017", $"{path} gives '{name}' the key '{key}', which it does not read.",
            takes.Count == 0 ? "Remove the key." : $"Remove the key; '{name}' reads {string.Join(", ", takes)}.");

    public static Fault OperatorNeeds(string name, string key, string path) =>
        new("SPC013", $"{path} does not give '{name}' its '{key}'.",
            $"Write a mapping with '{key}'; docs/features.md shows each operator and encoder.");

    public static Fault ByWithoutValues(bool isByMissing, string path) =>
        new("SPC013", $"{path} gives {(isByMissing ? "values, but not 'by'" : "'by', but no values")}.",
            "Give both: 'by' names a text column or an entity, 'values' those of its values that have a feature.");

    // --- References
    public static Fault UnknownSource(string name, IReadOnlyList<string> names) =>
        Dangling(
            "SPC020", $"There is no source '{name}'.", name, names, "Use one of the sources, or add it under sources.");

    public static Fault UnknownEntity(string name, IReadOnlyList<string> names) =>
        Dangling(
            "SPC021", $"There is no entity '{name}'.", name, names,
            "Use one of the entities, or add it under entities.");

    public static Fault UnknownColumn(string name, string source, IReadOnlyList<string> names) =>
        Dangling(
            "SPC022", $"Source '{source}' has no column '{name}'.", name, names,
            $"Use one of its columns, or add it under sources.{source}.columns.");

    public static Fault UnknownOperator(string name, IReadOnlyList<string> names) =>
        Dangling("SPC023", $"There is no feature operator '{name}'.", name, names, "Use one of the operators.");

    public static Fault UnknownModel(string name, IReadOnlyList<string> names) =>
        Dangling("SPC024", $"There is no model kind '{name}'.", name, names, "Use one of the model kinds.");

    public static Fault UnknownImbalance(string name, IReadOnlyList<string> names) =>
        Dangling("SPC024", $"There is no method '{name}' for rare positives.", name, names, "Use one of the methods.");

    public static Fault UnknownMetric(string name, IReadOnlyList<string> names) =>
        Dangling(
            "SPC025", $"There is no metric '{name}'.", name, names,
            "Use one of the metrics; a cut-off goes behind '@'.");

    public static Fault UnknownParameter(string name, string kind, IReadOnlyList<string> names) => names.Count == 0
        ? new("SPC026", $"'{kind}' has no parameter '{name}': it has none.", "Remove it.")
        : Dangling("SPC026", $"'{kind}' has no parameter '{name}'.", name, names, "Rename or remove it.");

    public static Fault GroupType(string column, ColumnType type) =>
        new("SPC049", $"Entities are grouped by a text, and '{column}' is {type}.", "Name a text column, such as a category.");

    public static Fault UnknownFeature(string name, IReadOnlyList<string> names) =>
        Dangling(
            "SPC048", $"There is no feature '{name}'.", name, names,
            "Use one of the features, written view:feature, or add it under features.");

    public static Fault UnknownSlice(string name, IReadOnlyList<string> names) =>
        Dangling(
            "SPC027", $"There is no slice '{name}'.", name, names, "Use one of the slices, or a column of a source.");

    internal static Fault Dangling(string code, string what, string name, IReadOnlyList<string> names, string remedy) =>
        new(code, what, remedy)
        {
            Expected = names.Count == 0 ? null : "one of: " + string.Join(", ", names),
            Nearest = NearestName.Find(name, names),
        };

    // --- Contradictions
    public static Fault MetricOfOtherTask(
        string metric, MetricFamily family, string task, IReadOnlyList<string> fitting) =>
        new("SPC030", $"'{metric}' judges {Judged(family)}, but the task is '{task}'.",
            "Choose a metric of the task, or correct objective.task.")
        {
            Expected = "metrics such as " + string.Join(", ", fitting),
        };

    public static Fault AccuracyGate(string task) =>
        new("SPC031",
            $"Accuracy cannot decide a '{task}' task: where one row in a hundred is positive, a model that always " +
            $"says no is right 99 times.",
            "Decide by pr_auc, log_loss or f1; accuracy may stay among evaluation.metrics.");

    public static Fault NeedsTimes(string what, string source) =>
        new("SPC032", $"{what} needs times, but source '{source}' has none (times: false).",
            "Remove it, or import the times of the source.");

    public static Fault SplitNeedsFiles(string source) =>
        new("SPC033", $"The split is by files, but source '{source}' does not import a train and a test file.",
            $"Write sources.{source}.import.files as {{train: name, test: name}}, or split by leave-last-out.");

    public static Fault ConditionType(string column, ColumnType type, string expected, string remedy) =>
        new("SPC034", $"The column '{column}' is {Said(type)}; this condition does not fit it.", remedy)
        {
            Expected = expected,
        };

    public static Fault OperatorMisfit(string name, string column, string source, ColumnType type, string needed) =>
        new("SPC036", $"'{name}' cannot read '{column}' of source '{source}': it is {Said(type)}.",
            "Choose another column or another operator.")
        {
            Expected = needed,
        };

    public static Fault LabelOnTable(string source) =>
        new("SPC035", $"The source '{source}' is a table, but labels come from events.", "Name an events source.");

    public static Fault LabelNeedsTwo(string source, string task) =>
        new("SPC035", $"The task '{task}' orders items for users, but source '{source}' names one entity.",
            "Add the second entity to the source, such as entities: [user, item].");

    public static Fault ImpressionEntities(string impression, string source, string entity) =>
        new("SPC035",
            $"An event '{source}' cannot be matched with its impression: source '{impression}' does not name the " +
            $"entity '{entity}'.", "Name an impression source with the same entities.");

    public static Fault TableEntities(string source, int count) =>
        new("SPC035", $"The table '{source}' names {count} entities.",
            "A table describes exactly one entity; name that one.");

    public static Fault NotATable(string source, string entity) =>
        new("SPC035", $"The source '{source}' is not a table about '{entity}'.",
            $"Name a source of kind table whose entity is '{entity}'.");

    public static Fault ViewEntity(string entity, string source, IReadOnlyList<string> entities) =>
        new("SPC035", $"Rows of source '{source}' do not name the entity '{entity}'.",
            "Choose an entity of the source, or another source.")
        {
            Expected = "one of: " + string.Join(", ", entities) + ", or global",
        };

    public static Fault NoPair(string entity, string with) =>
        new("SPC065", $"'{entity}' and '{with}' make no pair.",
            "Pair an entity of an events source with another entity, a text column of it, or a column of the other's table.");

    public static Fault NoTable(string entity, string column) =>
        new("SPC065", $"No table describes '{entity}', so there is no '{column}'.",
            $"Add a source of kind table about '{entity}'; of several, name one under entities.{entity}.table.");

    public static Fault TableLooksUp(string table, string column) =>
        new("SPC065", $"'{table}' is a table, and only events look up what a table says: here '{column}'.",
            "Name a column of the table itself, or read a source of events.");

    public static Fault PairType(string column, ColumnType type) =>
        new("SPC065", $"Here stands an id or a text, and '{column}' is {Said(type)}.",
            "Name an entity or a text column; 'columns' can make a text of a number by cross(…).");

    public static Fault Adjacency(string source) =>
        new("SPC035",
            $"Adjacency files hold two entities a row and nothing else; source '{source}' asks for more or less.",
            "Give the source two entities, 'times: false' and no columns, or choose another format.");

    public static Fault NoItemTable(string entity) =>
        new("SPC035", $"The rule reads the table of '{entity}', but no source of kind table describes it.",
            $"Add a table about '{entity}', or remove the rule.");

    public static Fault RoleOfOtherTask(string role, string task) =>
        new("SPC037", $"The role '{role}' has nothing to do in a '{task}' task.",
            role == "predict"
                ? "Use model.retrieve and model.rank, or choose the task binary."
                : "Use model.predict, or choose the task retrieval or ranking.");

    public static Fault RankNeeds(string what, string remedy) =>
        new("SPC042", $"model.rank learns from what was shown and chosen, and {what}.", remedy);

    public static Fault FewCandidates(int candidates, int slots) =>
        new("SPC038",
            string.Create(
                CultureInfo.InvariantCulture,
                $"serving.candidate_count is {candidates}, fewer than the {slots} slots to fill."),
            "Raise candidate_count, or lower slots.");

    public static Fault NothingToLearnFrom(TimeSpan window, TimeSpan heldOut) =>
        new("SPC038",
            $"The training window of {DurationText.Write(window)} lies within the {DurationText.Write(heldOut)} that " +
            $"the split holds back: nothing is left to learn from.",
            "Lengthen training.window, or shorten split.test and split.gap.");

    public static Fault GateNotMeasured(string metric, IReadOnlyList<string> metrics) =>
        new("SPC039", $"The gate decides by '{metric}', which evaluation.metrics does not measure.",
            "Add it to evaluation.metrics, or decide by one that is there.")
        {
            Expected = "one of: " + string.Join(", ", metrics),
            Nearest = NearestName.Find(metric, metrics),
        };

    public static Fault BadRange(double from, double to, bool isLogarithmic, string path) =>
        new("SPC043",
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{path}' cannot be searched from {from} to {to}{(isLogarithmic ? " by logarithm" : "")}."),
            isLogarithmic ? "Give two numbers above 0, the smaller one first." : "Give the smaller number first.");

    // --- Valid, but not run by this build
    public static Fault NoTask(string task, IReadOnlyList<string> tasks) =>
        Unsupported(
            "SPC052", $"the task '{task}'",
            $"Keep the design for review, or choose one of: {string.Join(", ", tasks)}.");

    public static Fault NoRole(string role) =>
        Unsupported("SPC053", $"model.{role}", "Remove it: the order of model.retrieve is served.");

    public static Fault PredictNeeds(string what, string remedy) => Unsupported("SPC057", what, remedy);

    public static Fault NoStreaming() =>
        Unsupported(
            "SPC054", "training from the stream", "Remove training.streaming, and shorten training.cadence instead.");

    public static Fault NoSlices() => Unsupported("SPC056", "evaluation by slices", "Remove evaluation.slices.");

    public static Fault NoRollout(string rollout) =>
        Unsupported("SPC058", $"the rollout '{rollout}'", "Write rollout: immediate.");

    public static Fault NoAlert(string target) =>
        Unsupported("SPC059", $"alerts to '{target}'", "Write alerts: [log].");

    private static Fault Unsupported(string code, string what, string remedy) =>
        new(code, $"This build does not run {what} yet; the design is valid.", remedy) { Kind = FaultKind.Unsupported };

    // --- Templates
    public static Fault UnknownTemplate(string template, IReadOnlyList<string> names) =>
        new("SPC041", $"There is no template '{template}'.", "Use one of the templates.")
        {
            Kind = FaultKind.NotFound,
            Expected = "one of: " + string.Join(", ", names),
            Nearest = NearestName.Find(template, names),
        };

    public static Fault BadName(string name) =>
        new("SPC016", $"'{name}' cannot name a system.", "Choose another name, for example home-feed.")
        {
            Expected = Grammar.Texts.SystemName.Expected,
        };

    // --- Edits
    public static Fault NothingToEdit(string path, string fileName) =>
        new("SPC040", $"'{path}' cannot be set: {fileName} is empty or is not YAML.",
            "Correct the file by hand first.");

    public static Fault NoMapping(string[] path, int step) => step == 0
        ? new("SPC040", $"'{path[0]}' cannot be set: the file is not a mapping.", "Correct the file by hand first.")
        : new("SPC040",
            $"'{string.Join('.', path)}' cannot be edited: '{string.Join('.', path[..step])}' has no part " +
            $"'{path[step]}'.", $"Set '{string.Join('.', path[..step])}' as a whole, in its long form.");

    public static Fault LastKey(string[] path) =>
        new("SPC040", $"'{string.Join('.', path)}' is the only key of the file.",
            "A design needs name, objective and sources: replace it instead.");

    public static Fault UnusualText(string[] path) =>
        new("SPC040",
            $"'{string.Join('.', path)}' is laid out in a way that cannot be edited without touching the rest.",
            "Change it by hand.");
}
