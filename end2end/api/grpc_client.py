"""A client that grpcio-tools made of proto/ registers a subject, reads and lists it, and imports vital signs.

Run with the folder of the client on PYTHONPATH, the shop's address in BASE_URL, the address of gRPC in GRPC_ADDR and an
access token of a coordinator of the demo's study in TOKEN. It prints nothing where all is well, and ends at the first
thing that is not.
"""

import json
import os
import urllib.request

import grpc
from guildhall.trials.v1 import subject_pb2 as v1
from guildhall.trials.v1 import subject_pb2_grpc as v1_grpc
from subject import subject_pb2 as plain
from subject import subject_pb2_grpc as plain_grpc

TOKEN = os.environ["TOKEN"]
METADATA = [("authorization", f"Bearer {TOKEN}")]


def demo_study():
    """The id of the demo's study."""
    request = urllib.request.Request(
        os.environ["BASE_URL"] + "/api/v1/studies", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        studies = json.load(answer)["data"]["items"]
    return next(study["id"] for study in studies if study["code"] == "HYP24")


def refused(code, call, *arguments, **more):
    """The refusal of a call, which must have this code."""
    try:
        call(*arguments, **more)
    except grpc.RpcError as error:
        assert error.code() == code, error
        return error
    raise AssertionError(f"not refused with {code}")


def main():
    study = demo_study()
    with grpc.insecure_channel(os.environ["GRPC_ADDR"]) as channel:
        service = v1_grpc.SubjectServiceStub(channel)
        mei = v1.CreateSubjectRequest(name="Mei Chen", age=54, project_id=study, site="01", sex=v1.SEX_FEMALE)
        keyed = [*METADATA, ("idempotency-key", "python-1")]
        made, again = (service.CreateSubject(mei, metadata=keyed, timeout=10).subject for _ in range(2))
        assert made == again and made.number.startswith("HYP24-01-"), (made, again)
        read = service.GetSubject(v1.GetSubjectRequest(id=made.id), metadata=METADATA, timeout=10)
        assert read.subject == made, read

        everybody = v1.ListSubjectsRequest(project_id=study)
        listed = [line.subject for line in service.ListSubjects(everybody, metadata=METADATA, timeout=10)]
        assert listed[0].id == made.id and not listed[0].HasField("name"), listed[0]

        nobody = refused(grpc.StatusCode.UNAUTHENTICATED, service.CreateSubject, mei, timeout=10)
        assert nobody.details(), nobody
        nameless = v1.CreateSubjectRequest(age=300, project_id=study)
        faulty = refused(
            grpc.StatusCode.INVALID_ARGUMENT, service.CreateSubject, nameless, metadata=METADATA, timeout=10
        )
        details = dict(faulty.trailing_metadata())["grpc-status-details-bin"]
        assert all(field in details for field in (b"name", b"age", b"site")), details
        missing = v1.GetSubjectRequest(id=10**12)
        refused(grpc.StatusCode.NOT_FOUND, service.GetSubject, missing, metadata=METADATA, timeout=10)

        options = v1.ImportOptions(project_id=study, file_name="python", dry_run=True)
        rows = [
            v1.VitalSigns(patient_id=made.number, record_time="2026-03-01T08:00:00Z", heart_rate="72", blood_pressure="120/80"),
            v1.VitalSigns(patient_id=made.number, record_time="2026-03-02T08:00:00Z", heart_rate="fast", blood_pressure="120/80"),
        ]
        messages = [v1.ImportVitalSignsRequest(options=options)]
        messages += [v1.ImportVitalSignsRequest(reading=row) for row in rows]
        answers = list(service.ImportVitalSigns(iter(messages), metadata=METADATA, timeout=10))
        fault, summary = answers[0].fault, answers[-1].summary
        assert (fault.row, fault.column, fault.text) == (2, "heart_rate", "fast"), fault
        assert (summary.records, summary.good, summary.bad) == (2, 1, 1), summary

        simple = plain_grpc.SubjectRPCStub(channel)
        asked = plain.GetSubjectByIDRequest(id=made.id)
        known = simple.getSubjectByID(asked, metadata=METADATA, timeout=10)
        assert (known.name, known.age, known.project_id) == ("Mei Chen", 54, study), known


main()
