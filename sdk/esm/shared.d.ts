/** A value that has an end, such as a token, and that all calls use. */
export type Shared<T> = {
    /** However many ask, it is made once. */
    get(): Promise<T>;
    /** Told of a value that wisp refused; the next `get` makes another. */
    forget(value: T): void;
};
/** Makes a value when it is first asked for, when the last one is about to end, and after a failure. */
export declare function createShared<T>(make: () => Promise<{
    value: T;
    seconds: number;
}>): Shared<T>;
