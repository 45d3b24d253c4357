using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>What a user would do with an item at a time: the equations of docs/worlds.md.</summary>
internal sealed class Truth
{
    /// <summary>Probability of a like after a play that did not satisfy.</summary>
    public const float LikeUnsatisfied = 0.008f;

    /// <summary>Probability of a like after watching at least half.</summary>
    public const float LikeSatisfied = 0.14f;

    private const float Bias = -2.35f;
    private const float MatchToPlay = 2.6f;
    private const float QualityToPlay = 0.8f;
    private const float BaitToPlay = 0.5f;
    private const float FreshToPlay = 0.9f;
    private const double FreshDays = 5;

    private const float HoldBias = -1.05f;
    private const float MatchToHold = 1.3f;
    private const float QualityToHold = 0.8f;
    private const float BaitToHold = -0.7f;
    private const float LengthToHold = -0.45f;
    private const float LiftToHold = 0.3f;

    // Daily step and memory of a taste's walk; its spread settles near 0.05 / √(3·(1 − 0.98²)) = 0.15.
    private const float WalkStep = 0.05f;
    private const float WalkMemory = 0.98f;

    // Share of a user's tastes that moves to other categories at a concept drift of strength 1.
    private const float TasteMove = 0.5f;

    private readonly WorldOptions _options;
    private readonly Dice _dice;
    private readonly Categories _categories;
    private readonly VideoShelf _shelf;
    private readonly Audience _audience;
    private readonly DateTimeOffset _drift;
    private readonly float _move;
    private readonly float[] _lengthToHold;

    public Truth(WorldOptions options, Dice dice, Categories categories, VideoShelf shelf, Audience audience)
    {
        _options = options;
        _dice = dice;
        _categories = categories;
        _shelf = shelf;
        _audience = audience;
        _drift = options.ConceptDriftAt ?? DateTimeOffset.MaxValue;
        _move = Math.Min(1, TasteMove * (float)options.ConceptDriftStrength);
        _lengthToHold = new float[shelf.Count];
        for (int item = 0; item < shelf.Count; item++)
        {
            _lengthToHold[item] = LengthToHold * MathF.Log(shelf.Seconds[item] / 20);
        }
    }

    /// <summary>Writes a user's liking of each category at a time: the profile, its daily walk, and from the concept
    /// drift on a share of it moved to other categories.</summary>
    /// <param name="user">Index of the user.</param>
    /// <param name="time">The moment.</param>
    /// <param name="liking">Receives one number a category.</param>
    public void Liking(int user, DateTimeOffset time, Span<float> liking)
    {
        Span<float> own = stackalloc float[Categories.Count];
        _audience.Profiles.AsSpan(user * Categories.Count, Categories.Count).CopyTo(own);
        AddWalk(user, (int)Math.Floor((time - _options.Start).TotalDays), own);
        if (time < _drift)
        {
            own.CopyTo(liking);
            return;
        }

        // Each user turns the circle of categories by a step of their own.
        int turn = 1 + (int)(_dice.Bits(Draw.Users, -3, user) % (Categories.Count - 1));
        for (int c = 0; c < own.Length; c++)
        {
            liking[c] = ((1 - _move) * own[c]) + (_move * own[(c + turn) % own.Length]);
        }
    }

    /// <summary>Writes a user's place in the space of tastes at a time: p = Σ liking(c)·centre(c) + fine.</summary>
    /// <param name="user">Index of the user.</param>
    /// <param name="time">The moment.</param>
    /// <param name="taste">Receives the place, length <see cref="Categories.Dimensions"/>.</param>
    public void Taste(int user, DateTimeOffset time, Span<float> taste)
    {
        Span<float> liking = stackalloc float[Categories.Count];
        Liking(user, time, liking);
        _audience.Fine.AsSpan(user * Categories.Dimensions, Categories.Dimensions).CopyTo(taste);
        for (int c = 0; c < liking.Length; c++)
        {
            Kernel.AddScaled(liking[c], _categories.Centres.AsSpan(c * taste.Length, taste.Length), taste);
        }
    }

    /// <summary>What an examined item leads to.</summary>
    /// <param name="taste">The user's place, from <see cref="Taste"/>.</param>
    /// <param name="lift">Everybody's liking of categories, from <see cref="Categories.Lift"/>.</param>
    /// <param name="item">Index of the item.</param>
    /// <param name="time">The moment.</param>
    /// <returns>Probability of a play, and of watching at least half given a play.</returns>
    public (float Play, float Hold) Outcome(
        ReadOnlySpan<float> taste, ReadOnlySpan<float> lift, int item, DateTimeOffset time)
    {
        float match = Kernel.Dot(taste, _shelf.Vectors.AsSpan(item * taste.Length, taste.Length));
        float categoryLift = lift[_shelf.Category[item]];
        float quality = _shelf.Quality[item];
        float bait = _shelf.Bait[item];
        float play = Bias + (MatchToPlay * match) + (QualityToPlay * quality) + (BaitToPlay * bait)
            + (FreshToPlay * Freshness(item, time)) + categoryLift;
        float hold = HoldBias + (MatchToHold * match) + (QualityToHold * quality) + (BaitToHold * bait)
            + _lengthToHold[item] + (LiftToHold * categoryLift);
        return (Numbers.Sigmoid(play), Numbers.Sigmoid(hold));
    }

    /// <summary>Probability that an examined item satisfies: played, and watched to half or liked.</summary>
    public float Satisfaction(ReadOnlySpan<float> taste, ReadOnlySpan<float> lift, int item, DateTimeOffset time)
    {
        (float play, float hold) = Outcome(taste, lift, item, time);
        return play * (hold + ((1 - hold) * LikeUnsatisfied));
    }

    /// <summary>1 when published, falling by e every <see cref="FreshDays"/> days.</summary>
    public float Freshness(int item, DateTimeOffset time)
    {
        return MathF.Exp((float)((_shelf.Published[item] - time).TotalDays / FreshDays));
    }

    private void AddWalk(int user, int day, Span<float> liking)
    {
        Span<float> walk = stackalloc float[Categories.Count];
        walk.Clear();
        for (int k = 1; k <= day; k++)
        {
            for (int c = 0; c < walk.Length; c += 4)
            {
                // Four steps from one draw of 64 bits, each even over ±WalkStep.
                ulong bits = _dice.Bits(Draw.TasteWalk, user, ((long)k << 8) + c);
                for (int lane = 0; lane < 4; lane++, bits >>= 16)
                {
                    float step = (((ushort)bits / 32768f) - 1) * WalkStep;
                    walk[c + lane] = (WalkMemory * walk[c + lane]) + step;
                }
            }
        }

        Kernel.AddScaled(1, walk, liking);
    }
}
