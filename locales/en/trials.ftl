### Clinical studies: subjects and the audit trail.

## Studies

trials-trials = Trials
trials-pages = Pages of the list
trials-views = Views of the study
trials-overview = Overview
trials-subjects = Subjects
trials-subject = Subject
trials-audit = Audit trail
trials-settings = Settings
trials-settings-of = Settings of { $study }
trials-subjects-of = Subjects of { $study }
trials-audit-of = Audit trail of { $study }
trials-new = New study
trials-new-submit = Create the study
trials-new-done = Study { $study } is there.
trials-empty = No studies yet
trials-empty-advice = Studies in which you have a role are listed here. An admin gives you one.
trials-empty-admin = A study has sites, arms, and people with roles.
trials-empty-new = Create the first
trials-code = Code
trials-code-hint = 2 to 16 letters and digits. Subjects' numbers begin with it, and it stays.
trials-title = Title
trials-status = Status
trials-enrolment = Enrolment
trials-your-role = Your role
trials-planned = Planned subjects
trials-planned-hint = Leave it empty if there is no plan.
trials-sites = Sites
trials-sites-hint = One a line: its code, then its name. Without any there is one, 01.
trials-arms = Arms
trials-arms-hint = One a line.
trials-site = Site
trials-site-name = Name of the site
trials-site-code = Code of the site
trials-site-code-hint = 1 to 8 letters and digits.
trials-arm = Arm
trials-arm-name = Name of the arm
trials-numbers = Numbers
trials-numbers-none = None given
trials-numbers-whole = 1 to { $last }, without a gap
trials-numbers-broken = With a gap or a double
trials-enrolled-of = { $enrolled } of { $planned } enrolled
trials-enrolled-without-plan = { $enrolled } enrolled
trials-plan = Plan
trials-plan-advice = Subjects are registered while the study is open.
trials-sites-advice = Each numbers its own subjects.
trials-sites-none = No sites yet.
trials-arms-advice = Groups of subjects that are treated alike.
trials-arms-none = No arms: every subject is treated alike.
trials-site-add = Add the site
trials-site-added = The site was added.
trials-arm-add = Add the arm
trials-arm-added = The arm was added.
trials-people = People
trials-people-advice = Coordinators register subjects and know their names. Monitors and auditors know subjects by number.
trials-people-none = Nobody takes part yet
trials-people-none-advice = Without a coordinator nobody can register subjects.
trials-person = Person
trials-person-email = E-mail address
trials-role = Role
trials-role-set = Set the role
trials-role-saved = The role was saved.
trials-role-none = No role any more
trials-since = Since
trials-save = Save
trials-saved = Saved.
trials-cancel = Cancel
trials-reason = Reason
trials-reason-hint = The audit trail keeps it.
trials-study-stale-advice = Somebody else changed the study in the meantime. Fields you did not touch show what is saved now. Save again to keep what you typed.

## Words

trials-study-status-planned = Planned
trials-study-status-open = Open
trials-study-status-closed = Closed
trials-study-status-unknown = The status is planned, open or closed.
trials-role-coordinator = Coordinator
trials-role-monitor = Monitor
trials-role-auditor = Auditor
trials-role-admin = Admin
trials-role-unknown = The role is coordinator, monitor or auditor.
trials-sex-female = Female
trials-sex-male = Male
trials-sex-other = Other
trials-sex-unknown = Unknown
trials-sex-unknown-word = The sex is female, male, other or unknown.
trials-subject-status-screened = Screened
trials-subject-status-enrolled = Enrolled
trials-subject-status-completed = Completed
trials-subject-status-withdrawn = Withdrawn
trials-subject-status-unknown = The status is screened, enrolled, completed or withdrawn.

## Subjects

trials-number = Number
trials-name = Name
trials-name-hint = Stored sealed; only coordinators see it.
trials-name-hidden = Known to coordinators
trials-name-unreadable = Cannot be opened
trials-age = Age
trials-sex = Sex
trials-registered = Registered
trials-first-enrolled = First enrolled
trials-none = None
trials-any = Any
trials-choose = Choose
trials-filter = Filter
trials-clear = Clear
trials-csv-unnamed = CSV without names
trials-register = Register a subject
trials-register-submit = Register
trials-register-done = Registered as { $number }.
trials-site-hint = Numbers are given by site.
trials-arm-hint = It can be decided later, at enrolment at the latest.
trials-arm-none = Not decided
trials-correct = Correct the details
trials-change-status = Change the status
trials-change-status-submit = Change the status
trials-status-done = { $number } is now: { $status }.
trials-subjects-empty = No subjects yet
trials-subjects-empty-advice = Each gets the next number of its site.
trials-subjects-empty-new = Register the first
trials-none-match = Nothing matches
trials-none-match-advice = Widen the filters, or
trials-show-all = show all
trials-subject-stale-advice = Somebody else changed the subject in the meantime. Fields you did not touch show what is saved now. Save again to keep what you typed.
trials-withdrawn-by-request = Withdrawn by a request that gave no reason

## What is refused

trials-admins-only = Only admins change a study.
trials-coordinators-only = Only coordinators of this study register subjects and change them.
trials-code-wrong = A code has 2 to 16 letters (A to Z) and digits.
trials-site-code-wrong = A site's code has 1 to 8 letters (A to Z) and digits.
trials-title-needed = Write a title.
trials-site-name-needed = Name the site.
trials-arm-name-needed = Name the arm.
trials-name-needed = Write the subject's name.
trials-reason-needed = Say why: the audit trail keeps the reason.
trials-age-needed = Write the age in years.
trials-age-wrong = The age is a whole number of years from 1 to 120.
trials-planned-wrong = The plan is a whole number from 1 to 1,000,000.
trials-not-a-text = This is a text.
trials-project-needed = Name the study by its id, a whole number.
trials-project-unknown = This is no study in which you are a coordinator.
trials-project-not-yours = This is none of your studies.
trials-site-needed = Choose a site.
trials-site-unknown = The study has no such site.
trials-arm-unknown = The study has no such arm.
trials-arm-needed = Choose an arm: subjects are enrolled into one.
trials-of-one-study = Sites and arms belong to one study: name it as well.
trials-site-taken = The study has a site { $code } already.
trials-arm-taken = The study has an arm “{ $name }” already.
trials-too-many = At most { $most } are named here.
trials-named-twice = { $name } is named twice.
trials-no-such-person = Nobody who can sign in has this address.
trials-no-such-member = Nobody who can sign in has this id.
trials-version-needed = Name the version that the change began from.
trials-study-not-open = Subjects are registered while the study is open, and { $study } is not.
trials-step-none = A subject that is “{ $from }” stays so, and cannot become “{ $to }”.
trials-step-refused = A subject that is “{ $from }” cannot become “{ $to }”, only “{ $next }”.
trials-step-or = ” or “
trials-no-name-key = This server was given no key for names (trials.name_key), so it can register nobody.
trials-name-shut = A subject's name does not open: this server has another key for names than the one it was sealed with.

## The audit trail

trials-audit-no = No.
trials-audit-when = When
trials-audit-who = Who
trials-audit-record = Record
trials-audit-field = Field
trials-audit-change = Change
trials-audit-before = Before
trials-audit-after = After
trials-audit-removed = removed
trials-audit-only = Only what is about { $record }.
trials-audit-end = { $length } entries, the last with the hash
trials-audit-empty = No entries
trials-audit-empty-advice = Every change of every field is listed here, with who made it and why.
trials-record-study = Study
trials-record-study-of = Study { $code }
trials-record-site = Site { $code }
trials-record-arm = Arm { $name }
trials-record-member = Person no. { $id }
trials-sealed = sealed

## Vital signs

trials-vital-signs = Vital signs
trials-heart-rate = Heart rate
trials-systolic = Systolic
trials-diastolic = Diastolic
trials-blood-pressure = Blood pressure
trials-temperature = Temperature
trials-oxygen-saturation = SpO₂
trials-respiratory-rate = Respiratory rate
trials-per-minute = /min
trials-record = Record a reading
trials-record-submit = Record
trials-record-done = The reading was recorded.
trials-record-time = Time
trials-record-time-hint = As 2026-11-28 08:15, in UTC.
trials-readings = Readings
trials-readings-empty = No readings
trials-readings-empty-advice = Each reading is one row here, and a point in the charts.
trials-readings-cut = Only the last { $most } are shown.
trials-readings-in = Readings of { $study }
trials-readings-none-advice = Vital signs are recorded on the subjects' pages, or come in by an import.
trials-subject-number = Number of the subject
trials-expected-range = Expected range
trials-side-either = Below or above
trials-side-below = Below
trials-side-above = Above
trials-side-unknown = The range is below or above.
trials-unusual-any = Any unusual value
trials-unusual-one = Unusual: { $measure }
trials-unusual-of = { $unusual } of { $readings } readings are outside the expected ranges.
trials-measure-unknown = It is any, heart_rate, systolic, diastolic, temperature, oxygen_saturation or respiratory_rate.
trials-periods = Days that are shown
trials-last-days = Last { $days } days
trials-all-time = All
trials-unusual = (outside the expected range)
trials-chart-words = From { $low } to { $high } { $unit }; { $unusual } outside the expected range.
trials-ranges = Expected vital signs
trials-ranges-advice = Values outside are stored and marked. Values that cannot be true are refused anyway.
trials-range-low = Lowest
trials-range-high = Highest
trials-range-empty = The highest is above the lowest.
trials-record-range = Expected: { $measure }
trials-record-reading = { $number }, reading of { $at }
trials-impossible = This cannot be true: it is from { $low } to { $high } { $unit }.
trials-not-a-number = Write a whole number.
trials-not-a-decimal = Write a number with at most one decimal, as 36.6.
trials-value-needed = Write the value.
trials-pressure-needed = Write the blood pressure, as 120/80.
trials-pressure-wrong = A blood pressure is systolic/diastolic, as 120/80.
trials-pressure-swapped = The systolic pressure comes first and is the higher one.
trials-time-needed = Write the time of the reading.
trials-time-wrong = Write the time as 2026-11-28T08:15:00Z, with its offset.
trials-time-ahead = The time is in the future.
trials-reading-there = There is a reading of this subject at this time already, with other values.
trials-reading-of = Reading of { $at }
trials-recorded = Recorded
trials-corrected = Corrected
trials-correction = Correction
trials-correct-it = Correct it
trials-correct-reading = Correct
trials-struck-out = Struck out
trials-struck-out-by = Struck out by { $who }, { $at }
trials-strike-out = Strike it out
trials-strike-out-advice = A reading that should not be there is struck out. It stays in the table and in the audit trail, counts no more, and makes room for another at its time. This cannot be taken back.
trials-strike-out-submit = Strike out
trials-strike-out-done = The reading was struck out.
trials-reading-struck-out = The reading is struck out, and stays as it is. Record it anew if it was right.
trials-reading-stale-advice = Somebody else changed the reading in the meantime. Fields you did not touch show what is saved now. Save again to keep what you typed.
trials-record-again-advice = This is what you typed. Record it as a new reading if it is right.

## Visits

trials-visits = Visits
trials-visit = Visit
trials-visits-advice = Each subject is expected on a day after enrolment, which is day 0. A visit is done if there is a reading of vital signs in its window. Days are those of UTC.
trials-visits-none = No visits are planned.
trials-visit-name = Name of the visit
trials-visit-day = Day
trials-visit-day-hint = After enrolment, which is day 0.
trials-visit-before = Days before
trials-visit-after = Days after
trials-visit-add = Plan the visit
trials-visit-added = The visit was planned.
trials-visit-remove = Remove a visit
trials-visit-removed = The visit was removed.
trials-visit-window = Window
trials-visit-upcoming = Upcoming
trials-visit-due = Due
trials-visit-done = Done
trials-visit-missed = Missed
trials-visit-not-expected = Not expected
trials-visits-missed = Missed visits
trials-visits-missed-in = Missed visits of { $study }
trials-visits-missed-empty = Nothing is missed
trials-visits-none-missed = No window has passed without a reading.
trials-visits-all-missed = All { $missed } missed visits
trials-visit-name-needed = Name the visit.
trials-visit-needed = Choose a visit.
trials-visit-taken = The study has a visit “{ $name }” already.
trials-visit-day-wrong = The day is a whole number from 0 to 3,650.
trials-visit-window-wrong = A window is a whole number of days from 0 to 365.
trials-visit-before-enrolment = The window begins on the day of enrolment at the earliest.
trials-visits-overlap = The window shares a day with that of “{ $name }”: one reading would do for both.
trials-record-visit = Visit { $name }
trials-record-signature = Signature of { $visit }, { $number }
trials-signatures = Signatures
trials-signatures-of = Signatures of { $visit }
trials-signatures-cut = The latest { $most } signatures are shown.
trials-signer = Signed by
trials-meaning = Meaning
trials-meaning-review = Review
trials-meaning-responsibility = Responsibility
trials-meaning-approval = Approval
trials-meaning-needed = Choose the meaning: review, responsibility or approval.
trials-signed-at = Time
trials-signed-content = SHA-256 of what was signed
trials-signature-holds = Holds
trials-signature-void = Void: what was signed has changed since
trials-sign = Sign the visit
trials-sign-readings = { $count ->
    [one] This signs the visit, its window and one reading.
   *[other] This signs the visit, its window and { $count } readings.
  }
trials-sign-readings-cut = The latest { $most } of them are shown here.
trials-sign-hash = SHA-256 of what is signed
trials-sign-hash-wrong = Send the hash of what is signed: 64 hexadecimal digits.
trials-sign-password-needed = Give your current password.
trials-sign-password = Your current password
trials-sign-done = The visit was signed.
trials-sign-not-done = A visit is signed once it is done: once there is a reading in its window.

## Imports

trials-imports = Imports
trials-imports-of = Imports into { $study }
trials-import = Import
trials-import-no = No.
trials-import-called = Import no. { $number }
trials-import-reason = Import no. { $number }
trials-import-done = { $records } rows: { $good } good, { $bad } bad.
trials-import-stored = Stored
trials-import-stopped = Nothing stored
trials-import-reverted = Taken back
trials-imports-empty = No imports yet
trials-imports-empty-advice = Vital signs from a file come in here: delimited text or JSON, in any encoding.
trials-file = File
trials-file-hint = With the columns patient_id, record_time, heart_rate and blood_pressure.
trials-file-needed = Choose a file.
trials-file-too-large = The file is too large for a browser. The command line takes any size: guildhall trials import.
trials-file-cut = The file ended before its end. Send it again.
trials-file-unreadable = The file cannot be read: { $cause }
trials-header-unreadable = The first line, which should name the columns, cannot be read: { $text }
trials-offset = Offset of times without one
trials-offset-hint = If the file has local times. Without it, they are faults.
trials-offset-wrong = Write the offset from UTC as +08:00.
trials-stop = Store nothing if a row is bad
trials-stop-hint = Otherwise the good rows are stored, and the bad ones told.
trials-again = Import it even if it was imported before
trials-same-file = This very file was imported before, as no. { $number }.
trials-on-error-wrong = It is skip or stop.
trials-records = Rows
trials-good = Good
trials-bad = Bad
trials-unusual-values = Unusual values
trials-format = Format
trials-columns = Columns
trials-column = Column
trials-row = Row
trials-line = Line
trials-found = Found
trials-fault = Fault
trials-faults = Faults
trials-faults-none = Nothing is wrong
trials-faults-none-advice = Every row was good, and no value is unusual.
trials-faults-cut = Only the first { $most } are kept.
trials-suggestion = Meant
trials-all = All
trials-reading = Reading
trials-revert = Take it back
trials-revert-title = Take this import back?
trials-revert-advice = { $good } readings are removed. The audit trail keeps that they were there.
trials-reverted = The import was taken back.
trials-reverted-but = { $kept ->
    [one] The import was taken back, but for one reading that was corrected or struck out since.
   *[other] The import was taken back, but for { $kept } readings that were corrected or struck out since.
}
trials-revert-kept = { $kept ->
    [one] One more stays, since it was corrected or struck out.
   *[other] { $kept } more stay, since they were corrected or struck out.
}
trials-kept = { $kept ->
    [one] One reading stays
   *[other] { $kept } readings stay
}
trials-kept-advice = Corrected or struck out before the import was taken back.
trials-kept-more = And { $more } more.
trials-import-status-unknown = The status is done, stopped or reverted.
trials-told-columns = Columns: { $columns }
trials-told = { $records } rows: { $good } good, { $bad } bad; { $unusual } unusual values.
trials-told-dry = Nothing was written.
trials-told-stopped = Nothing was stored, since some are bad.
trials-nothing-to-revert = Nothing of this import is stored.

## Faults of files

trials-fault-quote = A quote is open, or stands where none may be.
trials-fault-fields = The row has { $found } fields, and the file { $expected } columns.
trials-fault-encoding = These bytes are no text in the file's encoding.
trials-fault-nul = A NUL byte stands in the row.
trials-fault-too-long = The line is too long.
trials-fault-json = This is no JSON object.
trials-fault-empty = The value is missing.
trials-fault-number = This is no number.
trials-fault-whole = A whole number is asked for.
trials-fault-decimal-mark = The file writes its decimals with the other mark.
trials-fault-precision = One decimal is kept, and this has more.
trials-fault-range = This cannot be true: it is from { $low } to { $high }.
trials-fault-unusual = Expected are { $low } to { $high }. It is stored.
trials-fault-time = This is no time such as 2026-03-01T08:15:00+08:00.
trials-fault-ambiguous-date = Two countries read this day differently.
trials-fault-date = No calendar has this day.
trials-fault-zone = The time has no offset from UTC, and none was given for the file.
trials-fault-future = The time is in the future.
trials-fault-pressure = A blood pressure is systolic/diastolic, as 120/80.
trials-fault-swapped = The lower pressure stands first.
trials-fault-typo = A letter stands for a digit.
trials-fault-missing-column = The file has no such column.
trials-fault-repeated-column = Two columns of the file claim this name.
trials-fault-unknown = The study has no such subject.
trials-fault-duplicate = Row { $row } of the file has the same subject and time.
trials-fault-known = The subject has a reading at this time already.

## Mending

trials-mend = Mend { $left } bad rows
trials-mend-csv = CSV with what was meant
trials-mend-title = Mend bad rows
trials-mend-lead = { $left } to go. What was probably meant is filled in; look at it before you send it.
trials-mend-row = Row { $row }
trials-mend-found = Found “{ $found }”. { $fault }
trials-mend-leave = Leave this row out
trials-mend-submit = Import these rows
trials-mend-next = The rows after these
trials-mend-empty = No bad row is left
trials-mend-back = Back to the import
trials-mended-meanwhile = Some of these rows were mended in the meantime, by import no. { $number }.
trials-mend-nothing = Every row is left out.
trials-mend-file = { $file }, mended
trials-mends = Mends import
trials-stream-order = Send the options first and once, and after them either pieces of a file or readings.
trials-gateway-token = Send an access token: this server passes on to another what is asked about subjects, and signs in there as you.
trials-subjects-away = The server that keeps the subjects cannot be reached. Please try again in a moment.
trials-no-such-table = there is no such table

## Exports

trials-exports = Exports
trials-csv = CSV
trials-json-lines = JSON Lines
trials-odm = Whole study
trials-odm-about = Study { $study } as of entry { $last } of its audit trail
trials-demographics = Demographics
trials-years = years
