/** `npm run soak` sets it. */
export const isSoak = process.env['WISP_TEST_SOAK'] === '1'

/** What a test does each time, and what it does in `npm run soak`: more messages, more kills, more inputs. */
export const soak = <T>(usual: T, long: T): T => (isSoak ? long : usual)

/** What tests begin their random choices with. `npm run soak` takes a new one each time; WISP_TEST_SEED repeats one. */
export const seed = Number(process.env['WISP_TEST_SEED'] ?? 20_261)
