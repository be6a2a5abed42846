/** How often an open page asks for alerts; the server looks for them every five minutes. */
export const alertsEveryMs = 60_000
