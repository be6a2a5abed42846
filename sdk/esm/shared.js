const marginSeconds = 60;
/** Makes a value when it is first asked for, when the last one is about to end, and after a failure. */
export function createShared(make) {
    let making;
    let held;
    async function makeAnew() {
        try {
            const { value, seconds } = await make();
            const goodFor = Math.max(seconds - marginSeconds, seconds / 2);
            held = { value, endsAtMs: performance.now() + goodFor * 1000 };
            return value;
        }
        catch (error) {
            making = undefined;
            throw error;
        }
    }
    function drop() {
        held = undefined;
        making = undefined;
    }
    return {
        get() {
            if (held && held.endsAtMs <= performance.now())
                drop();
            making ??= makeAnew();
            return making;
        },
        forget(value) {
            // Of several calls that failed with the same value, the first has it replaced.
            if (held?.value === value)
                drop();
        },
    };
}
