/** The key of the words that suit the time of day. */
export function greetingAt(hour: number): 'greetMorning' | 'greetNoon' | 'greetAfternoon' | 'greetEvening' {
  if (hour >= 5 && hour < 11) return 'greetMorning'
  if (hour >= 11 && hour < 13) return 'greetNoon'
  return hour >= 13 && hour < 18 ? 'greetAfternoon' : 'greetEvening'
}
