namespace Tandem.Spec.Tests;

/// <summary>The words of these tests: like those of the running system, but frozen here.</summary>
internal static class TestVocabulary
{
    public static SpecVocabulary Words { get; } = new()
    {
        Models =
        [
            new("popular", "What most chose, over all time.", []),
            new("popular_windowed", "What most chose lately.",
            [
                new("window_days", 7, 0, 36500, false, "Days back that count; 0 is all."),
                new("half_life_days", 0, 0, 36500, false, "Days in which a row's weight halves; 0 is never."),
            ], NeedsTimes: true),
            new("group_affinity", "What people choose lately, by the groups of items that the user likes lately.",
            [
                new("half_life_days", 2, 0, 36500, false, "Days in which a row's weight in an item's appeal halves; 0 is never."),
                new("user_half_life_days", 3, 0, 36500, false,
                    "Days in which an action's weight in the user's liking of its group halves; 0 is never."),
                new("smoothing", 2, 1e-6, 1e6, false, "Actions that everybody's liking of the groups counts for."),
                new("item_smoothing", 8, 1e-6, 1e6, false,
                    "Impressions that the group's rate counts for beside an item's own."),
            ], NeedsTimes: true),
            new("item_item", "Items that the same people chose.",
            [
                new("neighbours", 1000, 0, 1_000_000, true, "Neighbours kept an item; 0 keeps all."),
            ]),
            new("co_occurrence", "What usually comes next after the last few items.",
            [
                new("reach", 5, 1, 1000, true, "Positions between the two items of a pair at most."),
                new("backward_weight", 0.5, 0, 1, false, "Weight of the later item pointing back."),
                new("distance_exponent", 1, 0, 10, false, "Power of one over the distance."),
                new("count_shrinkage", 10, 0, 1_000_000, false, "Added to an item's count."),
                new("count_exponent", 0.5, 0, 1, false, "Power of the count that divides."),
                new("asked_exponent", 0.5, 0, 1, false, "Power of the count of the item in the history."),
                new("length_exponent", 0, 0, 1, false, "Power of the count of a user's rows."),
                new("neighbours", 1000, 0, 1_000_000, true, "Neighbours kept an item; 0 keeps all."),
                new("history_length", 10, 1, 1000, true, "Last items of the history that are asked."),
                new("recency_decay", 0.8, 0.01, 1, false, "Factor for each step back in the history."),
                new("half_life_days", 0, 0, 36500, false, "Days in which a pair's weight halves; 0 is never."),
            ]),
            new("user_user", "What the users most like this one chose.",
            [
                new("neighbours", 200, 1, 1_000_000, true, "Most similar users that are asked."),
                new("shrinkage", 2, 0, 1_000_000, false, "Items in common at which likeness counts half."),
            ]),
            new("markov", "Probability of what comes next.",
            [
                new("steps", 10, 1, 1000, true, "Steps ahead that count as a transition."),
                new("step_decay", 0.8, 0.01, 1, false, "Factor of each step further."),
                new("smoothing", 5, 0, 1_000_000, false, "Transitions that the popular answer counts for."),
                new("neighbours", 1000, 0, 1_000_000, true, "Neighbours kept an item; 0 keeps all."),
                new("history_length", 10, 1, 1000, true, "Last items of the history that are asked."),
                new("recency_decay", 0.6, 0.01, 1, false, "Factor for each step back in the history."),
                new("half_life_days", 0, 0, 36500, false, "Days in which a transition's weight halves; 0 is never."),
            ]),
            new("slim", "A few learned weights between items.",
            [
                new("sparsity", 1, 0, 1e9, false, "Pull of each weight to exactly zero."),
                new("regularisation", 10, 1e-3, 1e9, false, "Pull of each weight towards zero."),
                new("candidates", 200, 1, 2000, true, "Items that may explain an item."),
                new("non_negative", 1, 0, 1, true, "1 where weights are not to be negative."),
                new("sweeps", 50, 1, 10_000, true, "Passes over an item's weights at most."),
                new("tolerance", 1e-4, 1e-9, 1, false, "Largest change of a weight at which fitting ends."),
            ]),
            new("bpr", "Matrix factorisation that learns from pairs.",
            [
                new("factors", 64, 1, 1024, true, "Length of the factors."),
                new("learning_rate", 0.1, 1e-6, 10, false, "Step of the descent in the first epoch."),
                new("regularisation", 0.005, 0, 100, false, "Pull of the factors of a pair to zero."),
                new("epochs", 100, 1, 10_000, true, "Passes over the rows."),
            ]),
            new("skip_gram", "Vectors of items that lie near each other in sessions.",
            [
                new("factors", 64, 1, 1024, true, "Length of the vectors."),
                new("reach", 5, 1, 1000, true, "Positions between an item and its context at most."),
                new("negatives", 5, 0, 100, true, "Items drawn by popularity."),
                new("market_negatives", 0, 0, 100, true, "Items drawn from the item's own group."),
                new("count_exponent", 0.75, 0, 1, false, "Power of an item's count."),
                new("session_gap_days", 0, 0, 36500, false, "Days between two rows that end a session."),
                new("learning_rate", 0.25, 1e-6, 10, false, "Step of the descent in the first epoch."),
                new("epochs", 50, 1, 10_000, true, "Passes over the rows."),
                new("history_length", 10, 1, 1000, true, "Last items of the history that are asked."),
                new("recency_decay", 0.8, 0.01, 1, false, "Factor for each step back in the history."),
            ]),
            new("ials", "Matrix factorisation by implicit alternating least squares.",
            [
                new("factors", 64, 1, 1024, true, "Length of the factors."),
                new("regularisation", 0.003, 0, 1000, false, "Pull of the factors to zero."),
                new("regularisation_exponent", 1, 0, 1, false, "How strongly regularisation grows with frequency."),
                new("unobserved_weight", 0.1, 1e-6, 1000, false, "Weight of every pair that was not seen."),
                new("epochs", 12, 1, 1000, true, "Passes over users and items."),
                new("initial_deviation", 0.1, 1e-6, 10, false, "Standard deviation of the first item factors."),
                new("half_life_days", 0, 0, 36500, false, "Days in which a row's weight halves; 0 is never."),
            ]),
            new("ease", "A weight between any two items.",
            [
                new("regularisation", 100, 1e-3, 1e9, false, "Pull of the weights to zero."),
                new("neighbours", 1000, 0, 1_000_000, true, "Weights kept an item; 0 keeps all."),
                new("memory_mb", 4096, 1, 1_000_000, true, "Memory that fitting may take, in MiB."),
            ]),
            new("graph_filter", "Low-pass filters of the graph of users and items.",
            [
                new("factors", 256, 0, 1024, true, "Directions that the ideal filter lets through."),
                new("ideal_weight", 0.3, 0, 100, false, "Weight of the ideal filter beside the linear one."),
                new("sharpening", 0, 0, 10, false, "How long scores are sharpened."),
                new("iterations", 10, 1, 100, true, "Passes that find the directions."),
            ]),
            new("two_tower", "A vector of each user and of each item from all that is known of them.",
            [
                new("layers", 1, 0, 4, true, "Hidden layers of each tower."),
                new("temperature", 0.1, 1e-3, 100, false, "What scores are divided by."),
                new("user_ids", 1, 0, 1, true, "1 where a user's id is an input."),
                new("history_length", 20, 0, 1000, true, "Newest items of the history that are read."),
                new("recency_decay", 0.9, 0.01, 1, false, "Factor for each step back in the history."),
                new("ordered", 1, 0, 1, true, "1 where a user's rows are in order of time."),
                new("batch_size", 1024, 2, 65_536, true, "Examples a step."),
                new("learning_rate", 0.05, 1e-5, 10, false, "Step size of Adagrad."),
                new("epochs", 20, 1, 1000, true, "Passes over the rows at most."),
                new("validation_share", 0.05, 0, 0.5, false, "Share of the rows that say when to stop."),
            ]),
            new("sasrec", "Transformer over the order of a history.",
            [
                new("factors", 64, 4, 1024, true, "Length of the factors."),
                new("blocks", 2, 1, 12, true, "Blocks of attention."),
                new("heads", 2, 1, 64, true, "Ways in which each block looks back."),
                new("history_length", 50, 1, 1000, true, "Last items of the history that are read."),
                new("dropout", 0.3, 0, 0.9, false, "Share of activations dropped while learning."),
                new("negatives", 0, 0, 1_000_000, true, "Wrong items that a step compares with."),
                new("batch_size", 128, 1, 65_536, true, "Sequences a step."),
                new("learning_rate", 0.001, 1e-6, 1, false, "Rate of Adam."),
                new("weight_decay", 0, 0, 100, false, "Share of weights that a step takes away."),
                new("epochs", 60, 1, 10_000, true, "Passes over all sequences at most."),
                new("patience", 5, 0, 1000, true, "Passes without a better figure."),
            ]),
            new("constant", "The same for every row.", [], ReadsFeatures: true),
            new("logistic", "Logistic regression.",
            [
                new("regularisation", 1e-4, 1e-9, 1000, false, "Pull of the weights to zero."),
            ], ReadsFeatures: true),
        ],
        Operators =
        [
            new("count", "Rows.", NeedsColumn: false),
            new("sum", "Sum of a column.", NeedsColumn: true, NeedsNumber: true),
            new("mean", "Mean of a column.", NeedsColumn: true, NeedsNumber: true),
            new("last", "Newest value of a column.", NeedsColumn: true),
            new("last_k", "Newest values of a column or entity.", NeedsColumn: true, NeedsText: true)
            {
                GivesList = true,
                Takes = ["k"],
            },
            new("sequence", "Newest values with their ages and weights.", NeedsColumn: true, NeedsText: true)
            {
                GivesList = true,
                Takes = ["k", "weight"],
            },
            new("ratio", "One sum over another.", NeedsColumn: true, NeedsNumber: true)
            {
                Takes = ["per", "prior", "strength"],
                Needs = ["per"],
            },
        ],
        Metrics =
        [
            new("recall", "Share of the test items among the first k.", true),
            new("ndcg", "Discounted gain of the first k over the best order.", true),
            new("shown_auc", "Share of chosen and passed-over neighbours of shown lists in the right order.", false),
            new("hr", "Users with a test item among the first k.", true),
            new("mrr", "Mean of one over the position of the first test item.", false),
            new("coverage", "Share of items among anybody's first k.", true),
            new("novelty", "Mean surprise of the first k, in bits.", true),
        ],
    };
}
