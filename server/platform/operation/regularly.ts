/** Begins `work` at each interval, unless it is still under way. Returns a function that stops it. */
export function regularly(
  ms: number,
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): () => void {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    work()
      .catch(onFailure)
      .finally(() => {
        isBusy = false
      })
  }, ms)
  return () => clearInterval(timer)
}
