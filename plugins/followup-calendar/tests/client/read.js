// Reads a calendar from standard input as Thunderbird does, and prints its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component, { strictExceptions: true });
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    start: event.startDate.toString(),
    zone: event.startDate.zone.tzid,
    minutes: event.duration.toSeconds() / 60,
    alarms: component
      .getAllSubcomponents("valarm")
      .map((alarm) => alarm.getFirstPropertyValue("trigger").toSeconds() / 60),
  };
});
const name = calendar.getFirstPropertyValue("name");
const parts = calendar.getAllSubcomponents().map((component) => component.name);
process.stdout.write(JSON.stringify({ name, parts, events }));
