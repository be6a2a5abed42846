let isTyped = false

addEventListener('input', () => {
  isTyped = true
})

/** Whether something was typed on the page since it was opened or since `forgetTyped`. */
export function wasTyped(): boolean {
  return isTyped
}

/** For when it was saved, or left behind. */
export function forgetTyped(): void {
  isTyped = false
}
