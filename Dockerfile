# All dependencies are those of requirements.txt, by their hashes; only what ccpolicy needs at run time goes into the image.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m pip wheel --no-deps --only-binary :all: --require-hashes --requirement requirements.txt --wheel-dir wheels
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY rules rules
COPY schemas schemas
RUN python -m venv tools \
 && tools/bin/python -m pip install --no-index --find-links wheels hatchling \
 && tools/bin/python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir own . \
 && python -m venv /opt/ccpolicy \
 && /opt/ccpolicy/bin/python -m pip install --no-index --find-links wheels --find-links own "ccpolicy[git]" \
 && /opt/ccpolicy/bin/python -m pip uninstall --yes pip

FROM python:3.13-slim
COPY --from=build /opt/ccpolicy /opt/ccpolicy
ENV PATH=/opt/ccpolicy/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
RUN useradd --create-home --uid 10001 ccpolicy
USER 10001
WORKDIR /work
ENTRYPOINT ["ccpolicy"]
CMD ["check", "."]
