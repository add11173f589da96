// The type of long work on audio that lets the event loop go on in between: a generator of short steps.

/** Each step computes a few milliseconds at most; the value comes with the last one. */
export type Steps<T> = Generator<undefined, T, undefined>;
